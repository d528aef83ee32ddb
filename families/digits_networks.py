"""The networks of the digits family, their recipes, and their training; deterministic on one thread.

Training data come in, a trained `nn.Module` from [N, 1, S, S] to scores [N, 10] goes out; files are not its business.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import attrs
import torch
from digits_images import Images, Labels, resize
from torch import Tensor, nn
from torch.nn import functional

CLASSES = 10
BATCH = 64


class ShiftedViews(nn.Module):
    """Mean score of several networks over shifted views of each image: more compute, steadier answers."""

    def __init__(self, networks: list[nn.Module], shifts: tuple[tuple[int, int], ...]) -> None:
        """Take one network or more, and the (row, column) shifts in input pixels."""
        super().__init__()
        self.networks = nn.ModuleList(networks)
        self.shifts = shifts
        self.margin = max(abs(step) for shift in shifts for step in shift)

    def forward(self, image: Tensor) -> Tensor:
        """Return the mean scores [N, 10] of `image` [N, 1, S, S]."""
        size = image.shape[-1]
        padded = functional.pad(image, [self.margin] * 4)
        rows_columns = [(self.margin + row, self.margin + column) for row, column in self.shifts]
        views = torch.cat([padded[:, :, r : r + size, c : c + size] for r, c in rows_columns])
        scores = torch.stack([network(views) for network in self.networks]).mean(dim=0)
        return scores.reshape(len(self.shifts), -1, CLASSES).mean(dim=0)


@attrs.frozen
class Recipe:
    """How one float variant is built and trained; `members` networks are trained from different seeds."""

    name: str
    input_size: int
    build: Callable[[], nn.Module]
    epochs: int
    learning_rate: float
    augment: bool = False
    members: int = 1
    shifts: tuple[tuple[int, int], ...] = ((0, 0),)


def linear() -> nn.Module:
    """Return softmax regression on 4x4 pixels."""
    return nn.Sequential(nn.Flatten(), nn.Linear(16, CLASSES))


def perceptron() -> nn.Module:
    """Return one hidden layer on 8x8 pixels."""
    return nn.Sequential(nn.Flatten(), nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, CLASSES))


def convolutional(first: int, second: int, third: int) -> nn.Module:
    """Return five 3x3 convolutions of the given widths with two poolings between them."""
    return nn.Sequential(
        *_convolution(1, first),
        *_convolution(first, first),
        nn.MaxPool2d(2),
        *_convolution(first, second),
        *_convolution(second, second),
        nn.MaxPool2d(2),
        *_convolution(second, third),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(third, CLASSES),
    )


def _convolution(inputs: int, outputs: int) -> list[nn.Module]:
    return [nn.Conv2d(inputs, outputs, 3, padding=1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU()]


_CROSS = ((0, 0), (0, 1), (0, -1), (1, 0), (-1, 0))
_GRID = tuple((row, column) for row in (-2, 0, 2) for column in (-2, 0, 2))

RECIPES = (
    Recipe("tiny", 4, linear, epochs=60, learning_rate=0.02),
    Recipe("small", 8, perceptron, epochs=60, learning_rate=0.01),
    Recipe("medium", 16, lambda: convolutional(64, 96, 96), epochs=8, learning_rate=0.003, shifts=_CROSS),
    Recipe(
        "full",
        32,
        lambda: convolutional(48, 96, 128),
        epochs=12,
        learning_rate=0.004,
        augment=True,
        members=2,
        shifts=_GRID,
    ),
)


def train(recipe: Recipe, images: Images, labels: Labels) -> nn.Module:
    """Train the recipe's members one after another and return them as one module in inference mode."""
    members = [_train_member(recipe, images, labels, seed) for seed in range(recipe.members)]
    # A lone network on a lone view needs no wrapper: its graph stays as small as it can be.
    trained = (
        members[0] if recipe.members == len(recipe.shifts) == 1 else ShiftedViews(members, recipe.shifts)
    )
    return trained.eval()


def _train_member(recipe: Recipe, images: Images, labels: Labels, seed: int) -> nn.Module:
    torch.manual_seed(seed)
    network = recipe.build().train()
    inputs = torch.from_numpy(resize(images, recipe.input_size))
    targets = torch.from_numpy(labels)
    optimizer = torch.optim.AdamW(network.parameters(), lr=recipe.learning_rate, weight_decay=0.01)
    steps = recipe.epochs * math.ceil(len(targets) / BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, recipe.learning_rate, total_steps=steps)
    for _ in range(recipe.epochs):
        for chosen in torch.randperm(len(targets)).split(BATCH):
            batch = _warped(inputs[chosen]) if recipe.augment else inputs[chosen]
            loss = functional.cross_entropy(network(batch), targets[chosen], label_smoothing=0.05)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
    return network.eval()


def _warped(batch: Tensor) -> Tensor:
    """Turn by up to 12 degrees, scale by up to 10 %, and shift by up to one of the original's 8 pixels."""
    count = len(batch)
    angle = (torch.rand(count) * 2 - 1) * math.radians(12)
    scale = 1 + (torch.rand(count) * 2 - 1) * 0.1
    # affine_grid spans -1..1 over 8 original pixels, so one of them is 0.25.
    offset = (torch.rand(count, 2) * 2 - 1) * 0.25
    matrix = torch.zeros(count, 2, 3)
    matrix[:, 0, 0] = matrix[:, 1, 1] = scale * torch.cos(angle)
    matrix[:, 0, 1] = -scale * torch.sin(angle)
    matrix[:, 1, 0] = scale * torch.sin(angle)
    matrix[:, :, 2] = offset
    grid = functional.affine_grid(matrix, list(batch.shape), align_corners=False)
    return functional.grid_sample(batch, grid, align_corners=False)
