// Loaded into a process of a test by NODE_OPTIONS: whoever looks for this text never comes back. It stands for a fault that
// nobody knows yet, which no limit counts.
const includes = String.prototype.includes;
String.prototype.includes = function (text, ...rest) {
  while (text === "hold the worker");
  return includes.call(this, text, ...rest);
};
