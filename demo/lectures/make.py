"""Makes the recorded lectures of the demo course from the TOML files beside it.

Slides are drawn by Chromium, spoken by espeak-ng and put together by ffmpeg. Each sentence is spoken into a sound of
its own, so that captions and chapters begin exactly when they are heard.
"""

import array
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from shlex import split
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from playwright.sync_api import Page, sync_playwright

HERE = Path(__file__).parent
PROJECT = HERE.parents[1]
BROWSER = split(
    "--no-sandbox --disable-gpu --disable-quic --no-first-run"
    " --disable-background-networking --disable-component-update --disable-sync"
)
VOICE = split("espeak-ng -v en-gb -s 150 -p 42 -g 1 --stdout")
RATE = 22050  # of espeak-ng's samples
HEADER = 44  # bytes before them
QUIET = 200  # of 32768
FRAMES = 5  # a second: slides stand still
BEFORE, BETWEEN, AFTER = 0.4, 0.45, 0.75  # seconds of silence before, between and after the sentences of a slide
LINGER = 0.3  # how long a caption outlasts its sentence
LINE = 42  # characters; a caption has at most two lines
FULL_STOP, BREATH = 0.38, 0.2  # how far from the middle, in lengths of the text, it is still worth dividing there

# Asked for 23 kbit/s, the encoder takes about 32.
SOUND = split(f"-af highpass=f=70,treble=g=-3:f=5000,loudnorm=I=-20:TP=-5:LRA=7 -c:a aac -ac 1 -ar {RATE} -b:a 23k")
PICTURE = split(
    "-c:v libx264 -profile:v main -pix_fmt yuv420p -preset veryslow -tune stillimage -crf 38 -threads 1"
    f" -x264-params psy=0:chroma-qp-offset=-4 -g {2 * FRAMES} -color_primaries bt709 -color_trc bt709 -colorspace bt709"
)
EXACT = split("-map_metadata -1 -fflags +bitexact -flags:v +bitexact -flags:a +bitexact -movflags +faststart")


class Span(NamedTuple):
    start: float
    end: float
    what: Any


def main() -> int:
    missing = [tool for tool in ("espeak-ng", "ffmpeg") if not shutil.which(tool)]
    if missing:
        return _fail(f"The lectures cannot be made without {' and '.join(missing)}. Install what is missing first.")
    found = subprocess.run([sys.executable, PROJECT / "tools/ensure_browser.py"], stdout=subprocess.PIPE, text=True)
    if found.returncode:
        return _fail("The slides cannot be drawn without Chromium.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found.stdout.strip(), args=BROWSER)
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        for source in sorted(HERE.glob("*.toml")):
            _make(tomllib.loads(source.read_text()), page)
        browser.close()
    return 0


def _make(lecture: dict[str, Any], page: Page) -> None:
    sound, sentences, slides = _speak(lecture)
    out = HERE / lecture["identifier"]
    for language in sentences[0].what:
        _write(out.with_suffix(f".{language}.vtt"), _captions(sentences, language))
    _write(out.with_suffix(".chapters.vtt"), _chapters(slides))
    with TemporaryDirectory() as folder:
        Path(folder, "voice").write_bytes(sound.tobytes())
        voice = split(f"-f s16le -ar {RATE} -ac 1 -i {folder}/voice")
        pictures: list[str] = []
        for number, slide in enumerate(slides):
            page.set_content(_html(lecture, number))
            page.screenshot(path=f"{folder}/{number}.png")
            pictures += split(f"-loop 1 -framerate {FRAMES} -t {slide.end - slide.start:.3f} -i {folder}/{number}.png")
        joined = f"concat=n={len(slides)},scale=out_color_matrix=bt709"
        keys = ",".join(f"{slide.start:.3f}" for slide in slides)
        together = ["-filter_complex", joined, "-force_key_frames", keys, *PICTURE, *SOUND, *EXACT]
        _ffmpeg(*pictures, *voice, *together, out.with_suffix(".mp4"))
    sys.stdout.write(f"{lecture['title']}: {slides[-1].end:.1f} s\n")


def _speak(lecture: dict[str, Any]) -> tuple[array.array, list[Span], list[Span]]:
    """The whole sound, and when in it each sentence is heard and each slide is seen."""
    sound = array.array("h")
    sentences, slides = [], []
    for slide in lecture["slides"]:
        shown = len(sound) / RATE
        texts = {lecture["language"]: slide["say"]} | slide.get("captions", {})
        for number, versions in enumerate(zip(*texts.values(), strict=True)):
            sound.extend(_silence(BETWEEN if number else BEFORE))
            start = len(sound) / RATE
            sound.extend(_said(slide["say"][number]))
            sentences.append(Span(start, len(sound) / RATE, dict(zip(texts, versions, strict=True))))
        sound.extend(_silence(AFTER))
        # A slide ends with a frame, so that sound and picture cannot drift apart.
        sound.extend([0] * (-len(sound) % (RATE // FRAMES)))
        slides.append(Span(shown, len(sound) / RATE, slide))
    return sound, sentences, slides


def _said(sentence: str) -> array.array:
    spoken = subprocess.run([*VOICE, sentence], stdout=subprocess.PIPE, check=True).stdout
    samples = array.array("h", spoken[HEADER:])
    loud = [index for index, sample in enumerate(samples) if abs(sample) > QUIET]
    return samples[loud[0] : loud[-1] + 1]


def _silence(seconds: float) -> list[int]:
    return [0] * round(seconds * RATE)


def _html(lecture: dict[str, Any], number: int) -> str:
    slide, drawings = lecture["slides"][number], lecture["drawings"]
    drawing = "".join(drawings[name] for name in slide.get("draw", ()))
    if drawing:
        width, height = drawings["size"]
        drawing = f'<svg viewBox="0 0 {width} {height}" width="{width}" height="{height}">{drawing}</svg>'
    lines = "".join(f"<p>{line}</p>" for line in slide.get("lines", ()))
    return (
        f'<!doctype html><html lang="{lecture["language"]}"><meta charset="utf-8">'
        f"<style>{(HERE / 'slides.css').read_text()}</style>"
        f'<body class="{slide.get("layout", "")}" style="--done-part: {100 * (number + 1) / len(lecture["slides"])}%">'
        f"<h1>{slide['heading']}</h1><main>{drawing}{lines and f'<div>{lines}</div>'}</main>"
    )


def _captions(sentences: list[Span], language: str) -> Iterator[Span]:
    for sentence in sentences:
        parts = list(_parts(sentence.what[language]))
        each = (sentence.end - sentence.start) / sum(map(len, parts))
        start = sentence.start
        for part in parts:
            end = start + each * len(part)
            yield Span(start, end + LINGER * (part is parts[-1]), part)
            start = end


def _parts(text: str) -> Iterator[str]:
    """The text on one line, on two, or halved until each part fits on two."""
    spaces = [at for at, letter in enumerate(text) if letter == " "]
    fitting = [at for at in spaces if at <= LINE and len(text) - at - 1 <= LINE]
    if len(text) <= LINE:
        yield text
    elif fitting:
        yield "\n".join(_divided(text, fitting))
    else:
        for part in _divided(text, spaces):
            yield from _parts(part)


def _divided(text: str, places: list[int]) -> tuple[str, str]:
    def cost(at: int) -> float:
        worth = FULL_STOP if text[at - 1] in ".?!:;" else BREATH if text[at - 1] == "," else 0
        return abs(at / len(text) - 0.5) - worth

    best = min(places, key=cost)
    return text[:best], text[best + 1 :]


def _chapters(slides: list[Span]) -> Iterator[Span]:
    """A slide without a chapter of its own belongs to the one before."""
    first = [slide for slide in slides if "chapter" in slide.what]
    ends = [slide.start for slide in first[1:]] + [slides[-1].end]
    for slide, end in zip(first, ends, strict=True):
        yield Span(slide.start, end, slide.what["chapter"])


def _write(path: Path, spans: Iterator[Span]) -> None:
    path.write_text("\n".join(["WEBVTT\n", *(f"{_clock(s.start)} --> {_clock(s.end)}\n{s.what}\n" for s in spans)]))


def _clock(seconds: float) -> str:
    thousandths = round(seconds * 1000)
    return f"{thousandths // 60_000:02}:{thousandths // 1000 % 60:02}.{thousandths % 1000:03}"


def _ffmpeg(*arguments: str | Path) -> None:
    subprocess.run(["ffmpeg", "-hide_banner", "-loglevel", "error", "-y", *arguments], check=True)


def _fail(sentence: str) -> int:
    sys.stderr.write(sentence + "\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
