"""A reading with one of everything that Markdown can bring."""

import base64

PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)

WITH_EVERYTHING = """## How bees see

Bees see [ultraviolet light](https://example.org/uv) and *not red*. `rgb(0, 0, 255)` is **visible** to them.

![A bee on a flower](file:bee.png)

* Petals
* Stamens
    1. Anther
    2. Filament

> A bee is never in a hurry.

### What they count

| Flower | Colour to us | Colour to a bee | Nectar in a day, in thousandths of a litre |
|--------|--------------|-----------------|--------------------------------------------|
| Poppy  | red          | ultraviolet     | 0.1                                        |
| Clover | white        | blue-green      | 0.2                                        |

```
for flower in meadow: visit(flower)  # a line of code that is longer than a small telephone is wide
```

---

Averyveryverylongwordthatnobodywouldeverwritebutthatatranslationmightholdandthatmustnotpushthepageoutofshape.

"""
LONG = "\n\n".join(f"Paragraph {number} tells of honeycombs once more." for number in range(25))
