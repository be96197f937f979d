"""Shares of a budget: whoever has taken much has left something to the next."""

import gc

from explorer.shares import Share, Shares


def test_one_alone_may_hold_half_of_all_and_no_more():
    shares, one = Shares(100), Share()
    assert not shares.take(one, 51)
    assert shares.take(one, 50)
    assert not shares.take(one, 51)
    assert one.held == 50


def test_however_many_take_all_they_can_there_is_something_left_for_the_next():
    shares, all_of_them = Shares(1024), [Share() for _ in range(5)]
    left = 1024
    for each in all_of_them:
        assert not shares.take(each, left // 2 + 1)
        assert shares.take(each, left // 2)
        left -= left // 2
    assert left > 0


def test_what_is_given_back_can_be_taken_by_others():
    shares, one, other = Shares(100), Share(), Share()
    assert shares.take(one, 50)
    assert not shares.take(other, 40)
    assert shares.take(one, 10)
    assert shares.take(other, 40)


def test_one_who_holds_more_than_is_allowed_by_now_may_still_give_some_back():
    shares, one, other = Shares(100), Share(), Share()
    assert shares.take(one, 50)
    assert shares.take(other, 25)
    assert shares.take(one, 45)
    assert not shares.take(one, 46)


def test_what_is_gone_holds_nothing():
    shares, one = Shares(100), Share()
    assert shares.take(one, 50)
    del one
    gc.collect()
    assert shares.take(Share(), 50)
