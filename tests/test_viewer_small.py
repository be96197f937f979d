"""What small components are sent: numbered, so that the browser knows what is old."""

from streamlit.testing.v1 import AppTest


def test_the_number_of_what_is_sent_rises_where_that_changes_and_stays_where_it_does_not():
    def script():
        import streamlit as st

        from explorer.viewer.common.small import numbered

        sent = [numbered("a", {"text": st.text_input("Text", "first")}), numbered("b", {"text": "same"})]
        st.session_state.numbers = [each["number"] for each in sent]

    page = AppTest.from_function(script, default_timeout=180).run()
    first = page.session_state.numbers
    assert page.run().session_state.numbers == first
    page.text_input[0].set_value("second").run()
    assert page.session_state.numbers[0] > first[0]
    assert page.session_state.numbers[1] == first[1]
    page.text_input[0].set_value("first").run()  # what came before may come again
    assert page.session_state.numbers[0] > first[0] + 1
