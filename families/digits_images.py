"""The handwritten digits, their fixed split, and how an 8x8 image becomes a variant's S x S input.

Knows nothing of networks. Images are uint8 in 0..16, as scikit-learn ships them.
"""

from __future__ import annotations

import attrs
import numpy as np
import numpy.typing as npt
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

HELD_OUT_SHARE = 0.4
SPLIT_SEED = 2024
PIXEL_MAX = 16.0

Images = npt.NDArray[np.uint8]
Labels = npt.NDArray[np.int64]
Batch = npt.NDArray[np.float32]


@attrs.frozen(eq=False)
class DigitsSplit:
    """Images [N, 8, 8] uint8 in 0..16 and labels [N] int64, for training and held out."""

    train_images: Images
    train_labels: Labels
    held_out_images: Images
    held_out_labels: Labels


def load_split() -> DigitsSplit:
    """Split the 1,797 bundled digits, stratified by label, always the same way."""
    digits = load_digits()
    train_images, held_out_images, train_labels, held_out_labels = train_test_split(
        digits.images.astype(np.uint8),
        digits.target.astype(np.int64),
        test_size=HELD_OUT_SHARE,
        random_state=SPLIT_SEED,
        stratify=digits.target,
    )
    return DigitsSplit(train_images, train_labels, held_out_images, held_out_labels)


def resize(images: Images, size: int) -> Batch:
    """Return `images` [N, 8, 8] as float32 [N, 1, size, size] in 0..1.

    `size` 4 averages 2x2 blocks, a multiple of 8 repeats pixels; anything else is a ValueError.
    """
    scaled = images.astype(np.float32) / np.float32(PIXEL_MAX)
    if size == 4:
        resized = scaled.reshape(-1, 4, 2, 4, 2).mean(axis=(2, 4))
    elif size >= 8 and size % 8 == 0:
        resized = scaled.repeat(size // 8, axis=1).repeat(size // 8, axis=2)
    else:
        raise ValueError(f"input size `{size}` is neither 4 nor a multiple of 8")
    return np.ascontiguousarray(resized[:, np.newaxis], dtype=np.float32)
