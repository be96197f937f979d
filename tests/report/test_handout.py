"""The handout: a page a chapter, this picture's numbers, one file, and no markup of a lesson's making."""

import html
import re
from dataclasses import replace

import numpy as np
import pytest

import explorer
from explorer.analysis.cell import usual_place
from explorer.backbones import find_backbone, receptive_fields
from explorer.errors import SizeMismatchError
from explorer.images import as_picture, resize
from explorer.lessons.lesson import Chapter, Lesson, LessonStep, Sight
from explorer.lessons.pictures import LONGEST, pair_of
from explorer.lessons.reading import bundled
from explorer.lessons.sights import SCENES as ALL_SCENES
from explorer.metrics import Method
from explorer.report.handout import Handout, handout, handout_html
from explorer.report.handout.page import SCENES, Page
from explorer.samples import load_sample

SLOW = ("training", "quiz", "failing")  # the first two measure the ladder, the last one turns a verdict
EVIL = "<script>alert(1)</script>"


def without(lesson, scenes=SLOW):
    return replace(
        lesson, chapters=tuple(each for each in lesson.chapters if each.steps[0].sight.scene not in scenes)
    )


@pytest.fixture(scope="module")
def made():
    return handout(without(bundled()), Method())


@pytest.fixture(scope="module")
def page(made):
    return handout_html(made)


def lesson_of(*chapters):
    return Lesson("own", f"Own {EVIL}", "", 5, chapters)


def of_scene(scene, **words):
    return Chapter("A title", steps=(LessonStep(Sight("learn", {"scene": scene}), EVIL, EVIL),), **words)


def section(page, title):
    return next(each for each in page.split("<section")[1:] if title in each)


def values(text):
    return [float(value) for value in re.findall(r'data-value="([^"]+)"', text)]


def test_each_chapter_is_a_page_with_its_words_and_its_numbers(made, page):
    assert page.count('<section class="page') == len(made.lesson.chapters)
    for chapter in made.lesson.chapters:
        part = section(page, f"</b>{html.escape(chapter.title)}</h1>")
        assert html.escape(chapter.question) in html.unescape(part) or chapter.question in html.unescape(part)
        assert "data:image/png;base64," in part
        if chapter.steps[0].sight.scene != "vote":
            assert values(part)


def test_numbers_are_those_that_the_explorer_measures(page):
    reference = load_sample("cat")
    blurred = explorer.measure(reference, explorer.distort(reference.pixels, "gaussian_blur", 0.5))
    ledger = values(section(page, "From cells to one number"))
    for layer in blurred.layers:
        assert layer.distance in ledger
        assert layer.share in ledger
    cell = values(section(page, "One cell, by hand"))
    conv2 = blurred.layers[1].map
    place = usual_place(conv2, receptive_fields(find_backbone("alexnet"))["conv2"])
    assert min(abs(value - conv2[place]) for value in cell) < 1e-6


def test_the_terms_on_paper_add_up_to_the_cell(page):
    part = section(page, "One cell, by hand")
    products = [values(row)[-1] for row in part.split("<tbody>")[1].split("</tbody>")[0].split("<tr>")[1:]]
    (total,) = values(part.split("<tfoot>")[1].split("</tfoot>")[0])
    assert sum(products) == pytest.approx(total, abs=1e-9)


def test_where_it_fails_is_measured_on_ones_own_pair():
    reference = resize(load_sample("cat"), 96)
    other = as_picture(explorer.distort(reference.pixels, "jpeg", 0.6), "copy.jpg")
    found = values(handout_html(handout(lesson_of(of_scene("failing")), Method(), (reference, other))))
    assert explorer.measure(reference, other).score in found
    assert explorer.measure(reference, other, size=64).score in found


def test_what_is_to_be_chosen_first_is_answered_upside_down_and_boxes_stand_one_below_the_other(page):
    part = section(page, "Which is closer?")
    before, turned = part.split('class="is-turned"')
    assert before.count("☐ ") == 2
    assert [name for name in ("PSNR</th>", "SSIM</th>", "LPIPS</th>") if name in turned] == [
        "PSNR</th>",
        "SSIM</th>",
        "LPIPS</th>",
    ]
    assert ">PSNR</th>" not in before
    asked = section(page, "Ask the class")
    for a, b in ("AB", "BC", "AC"):
        assert f'<span class="boxes"><span>☐ {a}</span><span>☐ {b}</span></span>' in asked


def test_it_needs_no_network_and_runs_no_script(page):
    assert "default-src 'none'" in page
    assert not re.search(r'(?:src|href)="(?!data:)', page)
    assert "<script" not in page
    assert "<math" in page


def test_answers_come_on_a_last_page_and_only_where_they_are_wanted(made, page):
    with_them = handout_html(made, has_answers=True)
    assert 'id="answers"' not in page
    assert with_them.count('<section class="page') == page.count('<section class="page') + 1
    last = html.unescape(with_them.split('id="answers"')[1])
    for chapter in made.lesson.chapters:
        if chapter.answer:
            assert chapter.answer.split(".")[0] in re.sub(r"</?\w+>", "", last)


def test_what_a_lesson_says_is_never_markup_nor_what_a_file_is_called():
    chapter = of_scene("ledger", question=EVIL, leads=EVIL, answer=EVIL, sources=(EVIL,))
    chapter = replace(chapter, title=EVIL, formula=r"\text{" + EVIL + "}")
    picture = as_picture(np.random.default_rng(0).integers(0, 255, (64, 64, 3), np.uint8), EVIL)
    pair = picture, resize(as_picture(255 - picture.pixels, EVIL), 64)
    page = handout_html(handout(lesson_of(chapter), Method(), pair), has_answers=True)
    assert "<script" not in page
    assert page.count("&lt;script&gt;") >= 8


def test_a_formula_that_cannot_be_drawn_is_shown_as_it_is_written():
    page = handout_html(handout(lesson_of(of_scene("ledger", formula=r"\frac{")), Method()))
    assert r"<code>\frac{</code>" in page


def test_ones_own_pair_is_measured_at_the_lessons_size_and_named():
    photo = load_sample("coffee")
    other = as_picture(explorer.distort(photo.pixels, "jpeg", 0.6), "copy.jpg")
    page = handout_html(handout(lesson_of(of_scene("ledger")), Method(), (photo, other)))
    measured = explorer.measure(resize(photo, LONGEST), resize(other, LONGEST))
    assert {layer.distance for layer in measured.layers} <= set(values(page))
    assert "Coffee" in page


def test_a_step_on_another_page_shows_the_pair_of_its_link():
    sight = Sight("region", {"sample": "coffee", "distortion": "jpeg", "severity": "0.5"})
    page = handout_html(handout(lesson_of(Chapter("Blocks", steps=(LessonStep(sight),))), Method()))
    measured = explorer.measure(*pair_of(sight.parameters))
    assert {measured.score, measured.psnr, measured.ssim} <= set(values(page))


def test_numbers_of_a_larger_picture_are_those_of_the_screen_which_makes_it_small_first():
    step = LessonStep(Sight("learn", {"scene": "ledger", "distortion": "jpeg", "severity": "0.5"}))
    lesson = lesson_of(Chapter("The sum", steps=(step,)))
    reference = resize(load_sample("astronaut"), LONGEST)
    measured = explorer.measure(reference, explorer.distort(reference.pixels, "jpeg", 0.5))
    made = handout(lesson, Method(), load_sample("astronaut"))
    assert {layer.distance for layer in measured.layers} <= set(values(handout_html(made)))
    assert made.picture == "Astronaut"


def test_layers_that_are_not_chosen_are_no_part_of_the_sum():
    small = resize(load_sample("cat"), 64)
    other = as_picture(explorer.distort(small.pixels, "jpeg", 0.5), "copy.jpg")
    method = Method(layers=("conv1", "conv3"))
    page = handout_html(handout(lesson_of(of_scene("ledger")), method, (small, other)))
    assert values(page)[-1] == explorer.measure(small, other, layers=("conv1", "conv3")).score
    assert page.count("left out") == 3


def test_a_metric_without_maps_says_so_where_there_are_none_and_the_rest_is_there():
    lesson = lesson_of(of_scene("cell"), of_scene("ledger"), of_scene("closer"))
    small = resize(load_sample("cat"), 64)  # DISTS takes VGG16
    page = handout_html(handout(lesson, Method("dists"), (small, small)))
    assert page.count("compares whole layers") == 2
    assert len(values(section(page, 'id="chapter-3"'))) >= 6


def test_a_chapter_that_cannot_be_had_says_why_and_the_others_stay():
    odd = Chapter("Odd", steps=(LessonStep(Sight("region", {"sample": "dog"})),))
    lesson = lesson_of(of_scene("ledger"), odd)
    page = handout_html(handout(lesson, Method()))
    assert "There is no sample" in section(page, "</b>Odd</h1>")
    assert values(section(page, 'id="chapter-1"'))


def test_two_sizes_are_refused_before_anything_is_measured():
    pair = load_sample("cat"), load_sample("coffee")
    with pytest.raises(SizeMismatchError):
        handout(lesson_of(of_scene("ledger")), Method(), pair)


def test_whoever_waits_no_more_ends_it_and_progress_goes_by_chapters():
    told = []

    def progress(done, total):
        told.append((done, total))

    handout(lesson_of(of_scene("ledger"), of_scene("features")), Method(), progress=progress)
    assert told[0] == (0, 2)
    assert told[-1] == (2, 2)
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_every_scene_of_learn_has_a_page():
    assert set(SCENES) == set(ALL_SCENES)


@pytest.mark.grid
@pytest.mark.parametrize("backbone", ["alexnet", "squeezenet1_1"])
def test_the_whole_lesson_is_made_with_its_ladder_and_its_quiz(backbone):
    page = handout_html(handout(bundled(), Method(backbone)), has_answers=True)
    agreed = values(section(page, "Does training matter?"))
    assert len(agreed) >= 12
    assert "☐" in section(page, "Quiz")


def test_a_formulas_condition_stands_below_its_max():
    chapter = of_scene("vote", formula=r"\max_{a < b} x_0")
    page = handout_html(Handout(Lesson("own", "Own", "", 5, (chapter,)), (Page(1, chapter, ()),), Method()))
    assert re.search(r"<munder><mo[^>]*>max</mo>", page)
    assert "<msub><mi>x</mi><mn>0</mn></msub>" in page


def test_what_steps_have_to_try_stands_in_one_box():
    steps = tuple(LessonStep(Sight("learn", {"scene": "vote"}), "", f"Try {word}.") for word in "abc")
    chapter = Chapter("Three", steps=steps)
    page = handout_html(Handout(Lesson("own", "Own", "", 5, (chapter,)), (Page(1, chapter, ()),), Method()))
    assert page.count('class="try"') == 1
    assert "Try on the screen:</b> Try a. Try b. Try c." in page
