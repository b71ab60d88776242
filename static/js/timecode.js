// A place in a recording as people read it: 61.5 as "1:01", 3661 as "1:01:01".
export const clock = (at) => {
  const s = Math.floor(at);
  const [hours, minutes, seconds] = [Math.floor(s / 3600), Math.floor(s / 60) % 60, s % 60];
  const two = (number) => String(number).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`;
};
