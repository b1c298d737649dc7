// What every page needs; elements that draw bring their own module.
import "./copy.js";
import "./live.js";
import "./sections.js";
