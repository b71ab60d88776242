// All that runs beside a lecture. Collecting static files makes one of them (common/joining.py).
import "./lesson.js";
import "./player.js";
import "./asking.js";
