from io import BytesIO

from PIL import Image

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .content_common import ContentCase, picture


@tagged("post_install", "-at_install")
class TestPictures(ContentCase):
    def _order(self, sku="GLASS"):
        """The colours of the pictures in the shop, as customers see them."""
        pictures = self.simulator.shop.pictures
        product = self._in_shop(sku)["product_id"]
        cover = pictures.cover(product)
        shown = sorted(pictures.of_product(product), key=lambda each: each != cover)
        colours = []
        for each in shown:
            with Image.open(BytesIO(pictures.products[each].data)) as content:
                colours.append(content.convert("RGB").getpixel((5, 5)))
        return colours

    def _with_pictures(self, *colours):
        return self._product(
            image_1920=picture("red"),
            shop_image_ids=[
                Command.create({"image_1920": picture(colour), "sequence": number})
                for number, colour in enumerate(colours)
            ],
        )

    RED, LIME, BLUE, GOLD = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 215, 0)

    def test_pictures_go_in_order_and_once(self):
        template = self._with_pictures("lime", "blue")
        self.assertEqual(self._sync()["sent"]["image"], 3)
        self.assertEqual(self._order(), [self.RED, self.LIME, self.BLUE])
        template.name = "Other"
        with self._writes(1):
            self._sync()

    def test_a_moved_picture_moves_in_the_shop(self):
        template = self._with_pictures("lime", "blue", "gold")
        self._sync()
        template.shop_image_ids[0].sequence = 9
        # the one that goes to the end is taken out and sent again, the others stay
        with self._writes(2):
            self._sync()
        self.assertEqual(self._order(), [self.RED, self.BLUE, self.GOLD, self.LIME])
        self.shop.action_compare_all()
        with self._writes(0):
            self._sync()

    def test_a_picture_between_two_others_comes_to_stand_there(self):
        template = self._with_pictures("lime", "blue")
        self._sync()
        template.shop_image_ids[1].sequence = 5
        template.shop_image_ids = [Command.create({"image_1920": picture("gold"), "sequence": 3})]
        self._sync()
        self.assertEqual(self._order(), [self.RED, self.LIME, self.GOLD, self.BLUE])

    def test_a_removed_picture_is_removed_and_can_come_again(self):
        template = self._with_pictures("lime", "blue")
        self._sync()
        template.shop_image_ids[0].unlink()
        with self._writes(1):
            self._sync()
        self.assertEqual(self._order(), [self.RED, self.BLUE])
        template.shop_image_ids = [Command.create({"image_1920": picture("lime"), "sequence": 7})]
        with self._writes(1):
            self._sync()
        self.assertEqual(self._order(), [self.RED, self.BLUE, self.LIME])

    def test_without_a_picture_of_its_own_the_first_is_the_cover(self):
        template = self._with_pictures("lime", "blue")
        self._sync()
        template.image_1920 = False
        self._sync()
        self.assertEqual(self._order(), [self.LIME, self.BLUE])
        pictures = self.simulator.shop.pictures
        product = self._in_shop()["product_id"]
        self.assertEqual(pictures.cover(product), pictures.of_product(product)[0])

    def test_one_picture_shows_two_variants(self):
        template = self._product_with_formats(extras=(0.0, 5.0, 9.0))
        first, second, third = template.product_variant_ids
        third.image_variant_1920 = picture("gold")
        template.shop_image_ids = [
            Command.create(
                {
                    "image_1920": picture("lime"),
                    "product_variant_ids": [Command.set((first | second).ids)],
                }
            )
        ]
        self._sync()
        self.assertEqual(self.simulator.holdings()["images"], 2)

        def shown(sku):
            _product, combination = self.simulator.checkouts.by_sku(sku)
            return [row["id"] for row in combination.associations.get("images", ())]

        self.assertEqual(shown("WINE-0"), shown("WINE-1"))
        self.assertNotEqual(shown("WINE-0"), shown("WINE-2"))
        template.shop_image_ids.product_variant_ids = [Command.unlink(first.id)]
        with self._writes(1):
            self._sync()
        self.assertFalse(shown("WINE-0"))

    def test_a_picture_shows_variants_of_its_own_product_only(self):
        other = self._product("OTHER")
        with self.assertRaises(ValidationError):
            self._product(
                shop_image_ids=[
                    Command.create(
                        {
                            "image_1920": picture("lime"),
                            "product_variant_ids": [Command.set(other.product_variant_ids.ids)],
                        }
                    )
                ]
            )

    def test_a_lost_answer_while_moving_leaves_the_right_order(self):
        template = self._with_pictures("lime", "blue")
        self._sync()
        template.shop_image_ids[0].sequence = 9
        self.simulator.fail(503, method="POST", path="/api/images")
        self._sync()
        self.env["shop.job"].search([("shop_id", "=", self.shop.id)]).due_at = "2020-01-01"
        self._sync()
        self.assertEqual(self._order(), [self.RED, self.BLUE, self.LIME])

    def test_who_may_touch_pictures(self):
        template = self._with_pictures("lime")
        employee = new_test_user(self.env, "employee", "base.group_user")
        editor = new_test_user(self.env, "editor", "base.group_user,product.group_product_manager")
        self.assertTrue(template.shop_image_ids.with_user(employee).read(["sequence"]))
        with self.assertRaises(AccessError):
            template.shop_image_ids.with_user(employee).sequence = 3
        template.shop_image_ids.with_user(editor).sequence = 3
        template.company_id = self.env["res.company"].create({"name": "Other"})
        with self.assertRaises(AccessError):
            template.shop_image_ids.with_user(editor).read(["sequence"])
