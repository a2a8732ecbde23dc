"""Pictures: sent once, replaced in place, the right one first, on the right variants."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from pieces import change, entries, image, picture
from PIL import Image as Picture
from world import World

from shopapi.adapter import ShopAdapter
from shopapi.errors import DataError, NotFound


def test_first_picture_is_the_cover_until_another_is_chosen(
    world: World, adapter: ShopAdapter
) -> None:
    (product,) = world.save(adapter, world.product("W-1"))
    first, second = world.save(
        adapter,
        image(product, picture("darkred")),
        image(product, picture("white"), is_cover=True),
    )
    assert world.images_of("W-1") == [second, first]


def test_same_picture_is_not_sent_again(world: World, adapter: ShopAdapter) -> None:
    (product,) = world.save(adapter, world.product("W-1"))
    documents = [image(product, picture("darkred")), image(product, picture("white"))]
    ids = world.save(adapter, *documents)
    before = adapter.writes
    for external_id, document in zip(ids, documents, strict=True):
        assert not change(adapter, external_id, document).written
    again = world.open().save(entries(*documents))
    assert [outcome.external_id for outcome in again] == ids
    assert not any(outcome.written for outcome in again)
    assert adapter.writes == before == len(world.sim.writes)


def test_two_entries_with_the_same_picture_are_two(world: World, adapter: ShopAdapter) -> None:
    (product,) = world.save(adapter, world.product("W-1"))
    first, second = world.save(
        adapter, image(product, picture("red")), image(product, picture("red"))
    )
    assert first != second


def test_picture_that_differs_in_one_spot_is_another(world: World, adapter: ShopAdapter) -> None:
    (product,) = world.save(adapter, world.product("W-1"))
    plain = picture("white", (800, 800))
    drawn = Picture.open(io.BytesIO(plain))
    drawn.paste((200, 0, 0), (600, 600, 640, 620))  # another year on the label
    buffer = io.BytesIO()
    drawn.save(buffer, "PNG")
    (first,) = world.save(adapter, image(product, plain))
    (second,) = world.save(adapter, image(product, buffer.getvalue()))
    assert first != second


def test_picture_that_is_in_the_shop_in_another_file_is_taken_over(
    world: World, adapter: ShopAdapter
) -> None:
    (product,) = world.save(adapter, world.product("W-1"))
    (first,) = world.save(adapter, image(product, picture("gold", (400, 400), "JPEG")))
    (again,) = world.open().save(entries(image(product, picture("gold", (400, 400)))))
    assert (again.external_id, again.adopted, again.written) == (first, True, False)


def test_new_content_replaces_the_picture_in_place(world: World, adapter: ShopAdapter) -> None:
    (product,) = world.save(adapter, world.product("W-1"))
    (external_id,) = world.save(adapter, image(product, picture("darkred")))
    document = image(product, picture("gold"))
    before = adapter.writes
    outcome = change(adapter, external_id, document, "digest")
    assert outcome.written
    if "images_in_place" in world.features:
        assert outcome.external_id == external_id
        assert adapter.writes == before + 1
    assert world.images_of("W-1") == [outcome.external_id]
    assert not change(adapter, str(outcome.external_id), document).written


def test_picture_of_a_variant(world: World, adapter: ShopAdapter) -> None:
    product, (first, second) = world.variants(adapter, "W", ["0", "18.30"])
    document = image(product, picture("darkred"), variants=(second,))
    (external_id,) = world.save(adapter, document)
    assert world.variant_images_of("W-2") == [external_id]
    assert world.variant_images_of("W-1") == []
    moved = replace(document, variants=(first,))
    assert change(adapter, external_id, moved, "variants").written
    assert world.variant_images_of("W-2") == []
    assert world.variant_images_of("W-1") == [external_id]
    nowhere = replace(document, variants=())
    assert change(adapter, external_id, nowhere, "variants").written
    assert world.variant_images_of("W-1") == []


def test_cover_moves_with_one_call(world: World, adapter: ShopAdapter) -> None:
    (product,) = world.save(adapter, world.product("W-1"))
    documents = [image(product, picture("red")), image(product, picture("blue"))]
    first, second = world.save(adapter, *documents)
    before = adapter.writes
    assert change(adapter, second, replace(documents[1], is_cover=True), "is_cover").written
    assert adapter.writes == before + 1
    assert world.images_of("W-1") == [second, first]


def test_what_is_no_picture_does_not_stop_the_others(world: World, adapter: ShopAdapter) -> None:
    (product,) = world.save(adapter, world.product("W-1"))
    outcomes = adapter.save(
        entries(image(product, b"hello"), image(product, picture("red")), image("999", b"x"))
    )
    assert isinstance(outcomes[0].error, DataError)
    assert outcomes[1].error is None
    assert isinstance(outcomes[2].error, NotFound)


def test_picture_that_was_deleted_in_the_shop(world: World, adapter: ShopAdapter) -> None:
    (product,) = world.save(adapter, world.product("W-1"))
    document = image(product, picture("red"))
    (external_id,) = world.save(adapter, document)
    assert [outcome.error for outcome in adapter.delete_images([(product, external_id)])] == [None]
    assert isinstance(change(adapter, external_id, document, "digest").error, NotFound)


def test_deleting_twice_counts_as_done(world: World, adapter: ShopAdapter) -> None:
    (product,) = world.save(adapter, world.product("W-1"))
    first, second = world.save(
        adapter, image(product, picture("red")), image(product, picture("blue"))
    )
    assert [o.written for o in adapter.delete_images([(product, first)])] == [True]
    outcomes = adapter.delete_images([(product, first), (product, second)])
    assert [(outcome.key, outcome.error) for outcome in outcomes] == [(first, None), (second, None)]
    assert [outcome.written for outcome in outcomes] == [False, True]
    assert world.images_of("W-1") == []


def test_product_keeps_its_fields_when_pictures_change(world: World, adapter: ShopAdapter) -> None:
    product, _variants = world.variants(adapter, "W", ["0", "18.30"])
    held = world.held("W-1")
    world.save(
        adapter,
        image(product, picture("red")),
        image(product, picture("blue"), is_cover=True),
    )
    after = world.held("W-1")
    moved = {key for key in held if held[key] != after[key]}
    assert moved <= {"images", "id_default_image"}


# --- order ----------------------------------------------------------------------------------------

COLOURS = ("red", "green", "blue", "gold")


def _arrange(adapter: ShopAdapter, product: str, wanted: dict[str, str]) -> dict[str, str]:
    """Bring pictures (colour -> id) into this order; the ids they have then."""
    again = adapter.arrange_images(product, list(wanted.values()))
    adapter.delete_images([(product, external_id) for external_id in again])
    for colour, external_id in list(wanted.items()):
        if external_id in again:
            (outcome,) = adapter.save(entries(image(product, picture(colour))))
            wanted[colour] = str(outcome.external_id)
    return wanted


@pytest.mark.parametrize(
    "order",
    [
        (0, 1, 2, 3),
        (0, 1, 3, 2),
        (0, 2, 3, 1),
        (0, 3, 2, 1),
    ],
)
def test_pictures_stand_in_the_order_asked_for(
    world: World, adapter: ShopAdapter, order: tuple[int, ...]
) -> None:
    (product,) = world.save(adapter, world.product("W-1"))
    documents = [
        image(product, picture(colour), position=number, is_cover=not number)
        for number, colour in enumerate(COLOURS)
    ]
    ids = dict(zip(COLOURS, world.save(adapter, *documents), strict=True))
    cover = ids["red"]
    before = adapter.writes
    arranged = _arrange(adapter, product, {COLOURS[n]: ids[COLOURS[n]] for n in order[1:]})
    if order == (0, 1, 2, 3):
        assert adapter.writes == before
    assert world.images_of("W-1") == [cover, *arranged.values()]
    # and then nothing is left to be done
    assert adapter.arrange_images(product, list(arranged.values())) == []


@pytest.mark.needs("fixed_image_order")
def test_a_picture_between_two_others_moves_only_what_follows(
    world: World, adapter: ShopAdapter
) -> None:
    (product,) = world.save(adapter, world.product("W-1"))
    cover, first, second, new = world.save(
        adapter, *[image(product, picture(colour)) for colour in COLOURS]
    )
    assert adapter.arrange_images(product, [first, new, second]) == [second]
    assert cover not in adapter.arrange_images(product, [second, first])


@pytest.mark.needs("movable_images")
def test_pictures_are_moved_and_only_the_gone_come_again(
    world: World, adapter: ShopAdapter
) -> None:
    (product,) = world.save(adapter, world.product("W-1"))
    cover, first, second, third = world.save(
        adapter, *[image(product, picture(colour)) for colour in COLOURS]
    )
    before = adapter.writes
    assert adapter.arrange_images(product, [third, first, second]) == []
    assert adapter.writes == before + 1
    assert world.images_of("W-1") == [cover, third, first, second]
    adapter.delete_images([(product, first)])
    assert adapter.arrange_images(product, [third, first, second]) == [first]


@pytest.mark.needs("fixed_image_order")
def test_a_picture_that_is_gone_has_to_come_again(world: World, adapter: ShopAdapter) -> None:
    (product,) = world.save(adapter, world.product("W-1"))
    first, second, third = world.save(
        adapter, *[image(product, picture(colour)) for colour in COLOURS[:3]]
    )
    adapter.delete_images([(product, second)])
    assert adapter.arrange_images(product, [first, second, third]) == [second, third]
