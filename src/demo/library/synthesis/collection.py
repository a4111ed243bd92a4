# SPDX-License-Identifier: MIT
"""What is in the library: first photos that are a pleasure, then every oddity a client must survive."""

import pleasures
import oddities
from shelf import Shelf


def build(folder):
    shelf = Shelf(folder)
    pleasures.photos(shelf)
    pleasures.videos(shelf)
    pleasures.shared(shelf)
    oddities.names(shelf)
    oddities.dates(shelf)
    oddities.states(shelf)
    pleasures.albums(shelf)
    oddities.albums(shelf)
    return shelf
