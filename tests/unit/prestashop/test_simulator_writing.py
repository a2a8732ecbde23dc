"""Writing catalogue data to the simulator: PUT, PATCH, texts, associations, deletions, pictures."""

from __future__ import annotations

import io

import pytest
import requests
from PIL import Image
from shop_client import ShopClient, codes, texts

from shopapi.systems.prestashop.simulator import PrestaShopSimulator


def picture(colour: str = "darkred") -> bytes:
    output = io.BytesIO()
    Image.new("RGB", (30, 60), colour).save(output, "PNG")
    return output.getvalue()


def test_put_blanks_what_is_left_out(client: ShopClient, simulator: PrestaShopSimulator) -> None:
    number = client.product("A", extra="<ean13>8000000000017</ean13>")
    simulator.clock.advance(60)
    added = client.one(f"products/{number}")["date_add"]
    name = texts("name", "B", "B", "B")
    client.write("PUT", "products", f"<product><id>{number}</id><price>2</price>{name}</product>")
    found = client.one(f"products/{number}")
    assert (found["reference"], found["ean13"], found["active"]) == ("", "", "0")
    assert (found["id_tax_rules_group"], found["state"]) == ("0", "0")
    assert found["date_add"] != added
    assert found["link_rewrite/1"] == ""


def test_patch_changes_only_what_is_sent(client: ShopClient) -> None:
    number = client.product("A")
    before = client.one(f"products/{number}")
    client.write("PATCH", "products", f"<product><id>{number}</id><price>7.5</price></product>")
    after = client.one(f"products/{number}")
    changed = {name for name in before if before[name] != after[name]}
    assert changed <= {"price", "date_upd"}
    assert after["price"] == "7.500000"


@pytest.mark.parametrize("version", ["1.6.1.24", "1.7.8.11"])
def test_patch_is_unknown_before_version_8(version: str) -> None:
    with PrestaShopSimulator(version=version) as shop:
        answer = ShopClient(shop).send("PATCH", "products/1", "<product><id>1</id></product>")
        assert (answer.status_code, codes(answer)) == (405, [23])
        assert answer.headers["PSWS-Version"] == version


def test_translated_field_empties_the_languages_left_out(client: ShopClient) -> None:
    number = client.product("A")
    name = '<name><language id="2">Rosso</language></name>'
    client.write("PATCH", "products", f"<product><id>{number}</id>{name}</product>")
    found = client.one(f"products/{number}")
    assert [found[f"name/{language}"] for language in (1, 2, 3)] == ["", "Rosso", ""]


@pytest.mark.parametrize("method", ["PATCH", "PUT"])
def test_required_translated_field_keeps_the_languages_left_out(
    client: ShopClient, method: str
) -> None:
    name = '<name><language id="2">Casa</language></name>'
    content = f"<category><id>2</id><active>1</active>{name}</category>"
    client.write(method, "categories", content)
    found = client.one("categories/2")
    assert [found[f"name/{language}"] for language in (1, 2, 3)] == ["Home", "Casa", "Kezdőlap"]


def test_text_without_language_nodes_is_cut_into_letters(client: ShopClient) -> None:
    content = "<product><price>1</price><name>Testo</name></product>"
    number = client.write("POST", "products", content)["id"]
    found = client.one(f"products/{number}")
    assert [found[f"name/{language}"] for language in (1, 2, 3)] == ["e", "s", "t"]


def test_unknown_elements_are_ignored(client: ShopClient) -> None:
    number = client.product("A", extra="<colour>red</colour>")
    assert "colour" not in client.one(f"products/{number}")


def test_post_answers_the_object_in_memory_not_as_stored(client: ShopClient) -> None:
    answer = client.write("POST", "products", "<product><price>5</price></product>")
    assert (answer["price"], answer["on_sale"], answer["weight"]) == ("5", "", "")
    stored = client.one(f"products/{answer['id']}")
    assert (stored["price"], stored["on_sale"], stored["weight"]) == ("5.000000", "0", "0.000000")


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        ("<product><price>-5</price></product>", 400, 85),
        ("<product><price>5,5</price></product>", 400, 85),
        ("<product><price>1e2</price></product>", 400, 85),
        ("<product><price>5</price><ean13>ABC</ean13></product>", 400, 85),
        (f"<product><price>5</price>{texts('name', 'a;b')}</product>", 400, 84),
        (f"<product><price>5</price>{texts('name', 'n' * 129)}</product>", 400, 84),
        ("<product><price>5</price><quantity>1</quantity></product>", 400, 93),
        ("<product><id>4</id><price>5</price></product>", 400, 91),
        (f"<product>{texts('name', 'x')}</product>", 400, 41),
        ("<product><price>5</product>", 500, 127),
    ],
)
def test_bad_documents(client: ShopClient, content: str, status: int, code: int) -> None:
    answer = client.send("POST", "products", content)
    assert (answer.status_code, codes(answer)) == (status, [code])
    assert client.ids("products") == []


def test_ids_of_changes(client: ShopClient) -> None:
    number = client.product("A")
    missing = client.send("PUT", f"products/{number}", "<product><price>1</price></product>")
    assert (missing.status_code, codes(missing)) == (400, [90])
    unknown = client.send("PATCH", "products", "<product><id>99</id><price>1</price></product>")
    assert (unknown.status_code, codes(unknown)) == (404, [92])


def test_associations_stay_when_absent_and_are_replaced_when_present(client: ShopClient) -> None:
    number = client.product("A")
    client.write("PATCH", "products", f"<product><id>{number}</id><price>2</price></product>")
    assert client.get(f"products/{number}").findall(".//categories/category")
    lists = "<associations><categories/></associations>"
    client.write("PATCH", "products", f"<product><id>{number}</id>{lists}</product>")
    assert not client.get(f"products/{number}").findall(".//categories/category")


def test_several_records_in_one_document_are_no_transaction(client: ShopClient) -> None:
    numbers = [client.product(name) for name in "ABC"]
    rows = [client.stock_row(number) for number in numbers]
    quantities = ("5", "x", "7")
    content = "".join(
        f"<stock_available><id>{row}</id><quantity>{quantity}</quantity></stock_available>"
        for row, quantity in zip(rows, quantities, strict=True)
    )
    answer = client.send("PATCH", "stock_availables", content)
    assert (answer.status_code, codes(answer)) == (400, [85])
    stock = [client.one(f"stock_availables/{row}")["quantity"] for row in rows]
    assert stock == ["5", "0", "0"]
    wrapped = client.send(
        "PATCH", "stock_availables", f"<stock_availables>{content}</stock_availables>"
    )
    assert codes(wrapped) == [90]


def test_method_override_and_form_field(client: ShopClient) -> None:
    number = client.product("A")
    content = f"<product><id>{number}</id><price>3</price></product>"
    assert client.send("POST", f"products/{number}?ps_method=PATCH", content).status_code == 200
    assert client.one(f"products/{number}")["reference"] == "A"
    form = {"xml": f"<prestashop>{content}</prestashop>"}
    url = f"{client.simulator.url}/api/products/{number}?ps_method=PUT"
    answer = requests.post(url, data=form, auth=(client.key, ""), timeout=10)
    assert answer.status_code == 200
    assert client.one(f"products/{number}")["reference"] == ""


def test_nothing_is_unique(client: ShopClient) -> None:
    assert client.product("SAME") != client.product("SAME")
    assert len(client.ids("products?filter[reference]=SAME")) == 2


def test_second_default_combination_is_an_empty_500(client: ShopClient) -> None:
    number = client.product("A")
    first = client.combination(number, "A1", extra="<default_on>1</default_on>")
    second = client.combination(number, "A2")
    content = (
        f"<combination><id_product>{number}</id_product><minimal_quantity>1</minimal_quantity>"
        "<default_on>1</default_on></combination>"
    )
    answer = client.send("POST", "combinations", content)
    assert (answer.status_code, answer.content) == (500, b"")
    assert client.one(f"products/{number}")["id_default_combination"] == str(first)
    chosen = f"<id_default_combination>{second}</id_default_combination>"
    client.write("PATCH", "products", f"<product><id>{number}</id>{chosen}</product>")
    assert client.one(f"combinations/{second}")["default_on"] == "1"
    assert client.one(f"combinations/{first}")["default_on"] == ""


def test_position_too_large_is_a_500_with_a_code(client: ShopClient) -> None:
    number = client.product("A")
    content = (
        f"<product><id>{number}</id><price>1</price><id_category_default>2</id_category_default>"
        "<position_in_category>9</position_in_category></product>"
    )
    answer = client.send("PUT", "products", content)
    assert (answer.status_code, codes(answer)) == (500, [135])
    assert client.one(f"products/{number}")["reference"] == "A"


def test_deleting(client: ShopClient) -> None:
    numbers = [client.product(name) for name in "ABC"]
    assert client.send("DELETE", f"products?id=[{numbers[0]},{numbers[1]}]").status_code == 200
    again = client.send("DELETE", f"products/{numbers[0]}")
    assert (again.status_code, codes(again)) == (404, [87])
    assert client.ids("products") == [numbers[2]]


def test_product_with_leftovers_is_gone_although_the_shop_denies_it(client: ShopClient) -> None:
    number = client.product("A")
    row = client.stock_row(number)
    client.write(
        "PUT",
        "stock_availables",
        f"<stock_available><id>{row}</id><id_product>{number}</id_product>"
        "<id_product_attribute>0</id_product_attribute><depends_on_stock>0</depends_on_stock>"
        "<out_of_stock>2</out_of_stock><quantity>1</quantity></stock_available>",
    )
    answer = client.send("DELETE", f"products/{number}")
    assert (answer.status_code, codes(answer)) == (500, [88])
    assert client.send("GET", f"products/{number}").status_code == 404


def test_option_value_takes_its_combinations_along(client: ShopClient) -> None:
    option = client.write(
        "POST",
        "product_options",
        f"<product_option><group_type>select</group_type>{texts('name', 'S', 'T', 'M')}"
        f"{texts('public_name', 'S', 'T', 'M')}</product_option>",
    )["id"]
    value = client.write(
        "POST",
        "product_option_values",
        f"<product_option_value><id_attribute_group>{option}</id_attribute_group>"
        f"{texts('name', 'L', 'L', 'L')}</product_option_value>",
    )["id"]
    number = client.product("A")
    rows = (
        "<associations><product_option_values><product_option_value>"
        f"<id>{value}</id></product_option_value></product_option_values></associations>"
    )
    client.combination(number, "A1", extra=rows)
    assert client.send("DELETE", f"product_option_values/{value}").status_code == 200
    assert client.ids(f"combinations?filter[id_product]={number}") == []


def upload(
    client: ShopClient,
    path: str,
    name: str = "image",
    data: bytes | None = None,
    method: str = "POST",
) -> requests.Response:
    return requests.request(
        method,
        f"{client.simulator.url}/api/images/{path}",
        files={name: ("a.png", data or picture(), "image/png")},
        auth=(client.key, ""),
        timeout=10,
    )


def test_pictures(client: ShopClient) -> None:
    number = client.product("A")
    assert client.send("GET", f"images/products/{number}").status_code == 404
    assert upload(client, f"products/{number}").status_code == 200
    assert upload(client, f"products/{number}").status_code == 200
    assert client.one(f"products/{number}")["id_default_image"] == "1"
    stored = client.send("GET", f"images/products/{number}/1")
    assert (stored.headers["Content-Type"], stored.content) == ("image/png", picture())
    small = client.send("GET", f"images/products/{number}/1/small_default")
    assert Image.open(io.BytesIO(small.content)).size == (98, 98)
    chosen = "<id_default_image>2</id_default_image>"
    client.write("PATCH", "products", f"<product><id>{number}</id>{chosen}</product>")
    assert client.one(f"products/{number}")["id_default_image"] == "2"
    assert client.send("DELETE", f"images/products/{number}/2").status_code == 200
    assert codes(client.send("DELETE", f"images/products/{number}/2")) == [57]


def test_picture_is_replaced_by_the_method_parameter_only(client: ShopClient) -> None:
    number = client.product("A")
    upload(client, f"products/{number}")
    path = f"products/{number}/1"
    assert codes(upload(client, path)) == [65]
    assert codes(upload(client, path, method="PUT")) == [76]
    replaced = upload(client, f"{path}?ps_method=PUT", data=picture("navy"))
    assert replaced.headers["Content-Type"] == "image/jpeg"


def test_bad_uploads(client: ShopClient) -> None:
    number = client.product("A")
    assert codes(upload(client, f"products/{number}", name="file")) == [76]
    assert codes(upload(client, f"products/{number}", data=b"hello")) == [76]
    assert codes(upload(client, "products/99")) == [76]


def test_date_upd_of_a_product_does_not_see_everything(
    client: ShopClient, simulator: PrestaShopSimulator
) -> None:
    number = client.product("A")
    stamp = client.one(f"products/{number}")["date_upd"]
    simulator.clock.advance(10)
    client.stock(number, 9)
    combination = client.combination(number, "A1")
    content = f"<combination><id>{combination}</id><price>2</price></combination>"
    client.write("PATCH", "combinations", content)
    upload(client, f"products/{number}")
    client.write(
        "PATCH", "categories", f"<category><id>2</id>{texts('name', 'A', 'B', 'C')}</category>"
    )
    assert client.one(f"products/{number}")["date_upd"] == stamp
    client.write("PATCH", "products", f"<product><id>{number}</id><price>3</price></product>")
    assert client.one(f"products/{number}")["date_upd"] > stamp


def test_link_rewrite_per_version() -> None:
    content = f"<product><price>1</price>{texts('name', 'Tè verde', 'B', 'C')}</product>"
    for version, status in (("1.6.1.24", 400), ("1.7.8.11", 201), ("8.2.1", 201)):
        with PrestaShopSimulator(version=version) as shop:
            client = ShopClient(shop)
            assert client.send("POST", "products", content).status_code == status
            if status == 201:
                assert client.one("products/1")["link_rewrite/1"] == "te-verde"
