// All stories, in one process: they share a browser and the services.
import "./stories/sign-in.js";
import "./stories/decide.js";
import "./stories/ask.js";
import "./stories/live.js";
import "./stories/hostile.js";
import "./stories/keyboard.js";
import "./stories/pages.js";
import "./stories/many.js";
import "./stories/looks.js";
