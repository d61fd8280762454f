import type { NumberedCountry } from "./phone-numbers.ts";

/** The countries and the names of a share of the demo's contacts. */
export interface People {
  weight: number;
  given: readonly string[];
  family: readonly string[];
  /** Whether `name` is set and holds the family name first. */
  familyFirst?: boolean;
  places: readonly { city: string; zone: string }[];
  /** The countries whose fictional numbers these contacts have: their own country if it reserves some. */
  numbers: readonly NumberedCountry[];
}

const words = (text: string) => text.split(" ");

export const peoples: readonly People[] = [
  {
    weight: 30,
    given: words(
      "James Mary Robert Patricia Michael Jennifer David Linda William Elizabeth Karen Daniel Nancy Aaliyah DeShawn Emily Jacob Olivia Noah Sofía Diego Mei Raj",
    ),
    family: words(
      "Smith Johnson Williams Brown Jones Garcia Miller Davis Rodriguez Martinez Hernandez Lopez Wilson Anderson Taylor Moore O’Connor MacDonald Nguyen Kim Patel Washington",
    ),
    places: [
      { city: "New York", zone: "America/New_York" },
      { city: "Chicago", zone: "America/Chicago" },
      { city: "Denver", zone: "America/Denver" },
      { city: "Phoenix", zone: "America/Phoenix" },
      { city: "San Francisco", zone: "America/Los_Angeles" },
      { city: "Honolulu", zone: "Pacific/Honolulu" },
    ],
    numbers: ["US"],
  },
  {
    weight: 9,
    given: words("Oliver Amelia George Isla Harry Ava Siân Rhys Ffion Eilidh Hamish Niamh Siobhán Pádraig Zoë Chloë Priya Mohammed"),
    family: words("Smith Jones Williams Taylor Evans Davies Wright Thompson Khan O’Brien MacLeod Llewellyn St.John Begum Walker Hughes"),
    places: [
      { city: "London", zone: "Europe/London" },
      { city: "Cardiff", zone: "Europe/London" },
      { city: "Edinburgh", zone: "Europe/London" },
      { city: "Dublin", zone: "Europe/Dublin" },
    ],
    numbers: ["GB"],
  },
  {
    weight: 7,
    given: words(
      "Jürgen Anneliese Björn Käthe Uwe Sören Grete Günther Heike Matthias Ömer Ayşe Łukasz Zdeněk Jiří Božena Małgorzata Paweł",
    ),
    family: words(
      "Müller Schäfer Weiß Größmann Jäger Krüger Schröder Vogt Yılmaz Öztürk Kowalczyk Wiśniewski Dvořák Novák Černý Schulze-Boysen",
    ),
    places: [
      { city: "Berlin", zone: "Europe/Berlin" },
      { city: "Köln", zone: "Europe/Berlin" },
      { city: "Wien", zone: "Europe/Vienna" },
      { city: "Kraków", zone: "Europe/Warsaw" },
    ],
    numbers: ["DE"],
  },
  {
    weight: 7,
    given: words(
      "Élodie Jérôme Anaïs François Zoé Gaëlle Noël Amélie Loïc Maëlys José María Begoña Íñigo Núria João Conceição António Inês",
    ),
    family: words(
      "Lefèvre Dubois Besançon Gérard L’Hôpital d’Aubigné García Muñoz Fernández Ibáñez Gonçalves Simões Araújo Peña Núñez Traoré Diallo",
    ),
    places: [
      { city: "Paris", zone: "Europe/Paris" },
      { city: "Madrid", zone: "Europe/Madrid" },
      { city: "Lisboa", zone: "Europe/Lisbon" },
      { city: "São Paulo", zone: "America/Sao_Paulo" },
      { city: "Ciudad de México", zone: "America/Mexico_City" },
    ],
    numbers: ["FR"],
  },
  {
    weight: 5,
    given: words("Åsa Björk Søren Þórunn Øystein Märta Göran Håkon Ingrid Sæmundur Aino Väinö Kārlis Žaneta Ūla Õie"),
    family: words(
      "Ångström Sjögren Jónsdóttir Þorvaldsson Ødegård Nygård Mäkelä Hämäläinen Bērziņš Kalniņa Šimkus Põder Lindqvist Østergaard",
    ),
    places: [
      { city: "Stockholm", zone: "Europe/Stockholm" },
      { city: "Reykjavík", zone: "Atlantic/Reykjavik" },
      { city: "Helsinki", zone: "Europe/Helsinki" },
      { city: "Rīga", zone: "Europe/Riga" },
    ],
    numbers: ["SE", "DE"],
  },
  {
    weight: 5,
    given: words("Charlotte Jack Matilda Lachlan Ruby Banjo Kirra Tāne Aroha Wiremu Ngaio Talia Cooper Mereana"),
    family: words("Murphy Kelly Nguyen Singh Campbell Te-Rangi Ngata Parāone Papadopoulos Fraser Mitchell Costa Tūhoe"),
    places: [
      { city: "Sydney", zone: "Australia/Sydney" },
      { city: "Perth", zone: "Australia/Perth" },
      { city: "Adelaide", zone: "Australia/Adelaide" },
      { city: "Auckland", zone: "Pacific/Auckland" },
    ],
    numbers: ["AU"],
  },
  {
    weight: 6,
    given: words("Александр Мария Дмитрий Анна Сергей Екатерина Олексій Ганна Юлія Тарас Петър Цветелина Ђорђе Љубица Бауыржан Айгерім"),
    family: words(
      "Смирнов Кузнецова Попов Васильева Шевченко Мельник Бондаренко Ґалаґан Петров Стоянова Јовановић Ђорђевић Нұрланов Щербаков",
    ),
    places: [
      { city: "Київ", zone: "Europe/Kyiv" },
      { city: "София", zone: "Europe/Sofia" },
      { city: "Београд", zone: "Europe/Belgrade" },
      { city: "Алматы", zone: "Asia/Almaty" },
    ],
    numbers: ["DE", "GB"],
  },
  {
    weight: 4,
    given: words("Γιώργος Ελένη Δημήτρης Κατερίνα Νίκος Μαρία Ιωάννης Ζωή Χρήστος Άννα Ξένια Ὀδυσσεύς"),
    family: words("Παπαδόπουλος Γεωργίου Δημητρίου Νικολάου Χριστοδούλου Αγγελόπουλος Οικονόμου Ψαρράς Ζαφείρη Κωνσταντίνου"),
    places: [
      { city: "Αθήνα", zone: "Europe/Athens" },
      { city: "Λευκωσία", zone: "Asia/Nicosia" },
    ],
    numbers: ["DE", "GB"],
  },
  {
    weight: 5,
    given: words("محمد فاطمة أحمد مريم يوسف نور عبدالله ليلى خالد زينب عمر آمنة رضا شیرین گلناز پرویز"),
    family: words("الحسن المصري السيد العلي الخطيب حداد منصور القحطاني الشامي بن‌علي رستمی کریمی ژاله"),
    places: [
      { city: "القاهرة", zone: "Africa/Cairo" },
      { city: "الرياض", zone: "Asia/Riyadh" },
      { city: "دبي", zone: "Asia/Dubai" },
      { city: "تهران", zone: "Asia/Tehran" },
    ],
    numbers: ["FR", "GB"],
  },
  {
    weight: 3,
    given: words("דוד שרה יוסף רחל משה נועה אברהם תמר יעל איתן מיכל אורי"),
    family: words("כהן לוי מזרחי פרץ ביטון דהן אברהם פרידמן אזולאי ג׳ורג׳י בן־דוד"),
    places: [{ city: "תל אביב", zone: "Asia/Jerusalem" }],
    numbers: ["US", "GB"],
  },
  {
    weight: 6,
    given: words("अर्जुन प्रिया राहुल अनन्या विक्रम दीपिका श्रीकृष्ण लक्ष्मी आदित्य सुनीता তানভীর শ্রাবণী தமிழ்செல்வி முருகன்"),
    family: words("शर्मा वर्मा गुप्ता सिंह अय्यर मिश्रा त्रिपाठी जोशी श्रीवास्तव কর্মকার চৌধুরী சுப்பிரமணியன் ராமசாமி"),
    places: [
      { city: "मुंबई", zone: "Asia/Kolkata" },
      { city: "ঢাকা", zone: "Asia/Dhaka" },
      { city: "काठमाडौँ", zone: "Asia/Kathmandu" },
    ],
    numbers: ["GB", "AU"],
  },
  {
    weight: 5,
    given: words("伟 芳 娜 秀英 敏 静 强 磊 小明 建国 丽华 志强 怡君 家豪 淑芬"),
    family: words("王 李 张 刘 陈 杨 赵 黄 周 吴 欧阳 司马 龔 諸葛"),
    familyFirst: true,
    places: [
      { city: "上海", zone: "Asia/Shanghai" },
      { city: "台北", zone: "Asia/Taipei" },
      { city: "香港", zone: "Asia/Hong_Kong" },
      { city: "Singapore", zone: "Asia/Singapore" },
    ],
    numbers: ["US", "AU"],
  },
  {
    weight: 4,
    given: words("太郎 花子 さくら 翔太 陽菜 健一 美咲 ゆい 大輔 アンナ 結衣 蓮"),
    family: words("佐藤 鈴木 高橋 田中 渡邊 伊藤 山本 中村 小林 斎藤 髙島 五十嵐"),
    familyFirst: true,
    places: [{ city: "東京", zone: "Asia/Tokyo" }],
    numbers: ["US", "FR"],
  },
  {
    weight: 3,
    given: words("민준 서연 도윤 하은 지호 수아 예준 지우 현우 은지 영수 미경"),
    family: words("김 이 박 최 정 강 조 윤 남궁 황보 선우"),
    familyFirst: true,
    places: [{ city: "서울", zone: "Asia/Seoul" }],
    numbers: ["US", "DE"],
  },
  {
    weight: 3,
    given: words("สมชาย สมหญิง ณัฐพล กัญญา ธนกร พิมพ์ชนก วิชัย ศิริพร อนุชา ปิยะดา"),
    family: words("ใจดี สุวรรณ แสงทอง ศรีสุข วงศ์สวัสดิ์ บุญมี รัตนากร เจริญสุข"),
    places: [{ city: "กรุงเทพฯ", zone: "Asia/Bangkok" }],
    numbers: ["AU", "GB"],
  },
  {
    weight: 3,
    given: words("Nguyệt Đức Hương Quỳnh Thắng Adébáyọ̀ Ọlá Chukwuemeka Ng̃ũgĩ Wanjirũ ნინო გიორგი Արմեն Անահիտ አበበ ሰላም"),
    family: words("Nguyễn Trần Phạm Đặng Adéyẹmí Ọ̀ṣúntókun Okonkwo Kamau ბერიძე გელაშვილი Պետրոսյան Հակոբյան ተስፋዬ በቀለ"),
    places: [
      { city: "Hà Nội", zone: "Asia/Ho_Chi_Minh" },
      { city: "Lagos", zone: "Africa/Lagos" },
      { city: "თბილისი", zone: "Asia/Tbilisi" },
      { city: "አዲስ አበባ", zone: "Africa/Addis_Ababa" },
    ],
    numbers: ["FR", "US"],
  },
];
