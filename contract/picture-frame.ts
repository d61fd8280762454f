/** The page around an e-mail that is shown with its pictures. It has a security policy of its own; the app's lets no picture from elsewhere in. */
export const pictureFrame = "/picture-frame.html";
