"""The table of the histories: batches with a seed each, added up through JSON."""

from collections import Counter

from tests.histories.__main__ import BATCH, batches
from tests.histories.table import OFTEN, ROWS, Table

ROW, *OTHERS = ROWS
KEY = "R29: they do not speak for this patient"


def test_histories_are_divided_into_batches_with_a_seed_each() -> None:
    assert list(batches(2 * BATCH + 7, 5)) == [(BATCH, 5), (BATCH, 6), (7, 7)]
    assert list(batches(3, 1)) == [(3, 1)]


def test_a_table_comes_through_json_as_it_is() -> None:
    table = Table(3, 120, Counter({ROW: 4}), Counter({KEY: 1}), {KEY: ["a step", "==> what it broke"]})
    again = Table.from_json(table.to_json())
    assert again == table and str(again) == str(table)
    assert again.counted[OTHERS[0]] == 0, "a row that never came up is counted too"


def test_tables_add_up_and_keep_the_shorter_history_of_each_broken_rule() -> None:
    whole = Table(1, 40, Counter({ROW: OFTEN - 1}), Counter({KEY: 1}), {KEY: ["one", "two", "==> broken"]})
    assert ROW in whole.too_rare
    whole.add_table(Table(2, 80, Counter({ROW: 1, OTHERS[0]: 2}), Counter({KEY: 3}), {KEY: ["one", "==> broken"]}))
    assert (whole.histories, whole.steps) == (3, 120)
    assert whole.counted == Counter({ROW: OFTEN, OTHERS[0]: 2}) and whole.broken == Counter({KEY: 4})
    assert whole.examples == {KEY: ["one", "==> broken"]}
    assert ROW not in whole.too_rare and OTHERS[0] in whole.too_rare
