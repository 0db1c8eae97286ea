//! How wide a picture is drawn at each place, as the attribute `sizes` has it (HTML, "Sizes
//! attributes"): browsers choose among a picture's widths by it, before the style sheet is there. The
//! style sheet decides, and whoever changes it there has to change it here; `tests/judge/pictures.mjs`
//! compares the two. Letters of other scripts make rooms a little wider or narrower: these lie between.

use crate::web::views::Card;

/// The places of pictures.
pub struct Room;

impl Room {
    /// Above a text, over the whole page.
    pub const COVER: &str = "(min-width: 1350px) 1260px, calc(92vw - 4px)";
    /// Above a text that has facts beside it.
    pub const COVER_BESIDE: &str =
        "(min-width: 1350px) 780px, (min-width: 960px) calc(94vw - 460px), calc(92vw - 4px)";
    /// Of the first story of the home page.
    pub const LEAD: &str =
        "(min-width: 1350px) 815px, (min-width: 960px) calc(94vw - 415px), calc(92vw - 4px)";
    /// In a list whose entries all have a picture.
    pub const PLATE: &str =
        "(min-width: 900px) 330px, (min-width: 700px) 45vw, (min-width: 600px) 57.5vw, calc(92vw - 4px)";
    /// At the end of a line of a list: a square, which a wide picture fills by its height.
    pub const THUMB: &str = "180px";
    /// Beside a numbered part of a series.
    pub const PART: &str = "(min-width: 990px) 198px, (min-width: 450px) 20vw, 90px";
    /// Of several that belong together.
    pub const GALLERY: &str = "(min-width: 600px) 300px, calc(92vw - 4px)";
    /// Of a person; a square one fills the height.
    pub const PORTRAIT: &str = "(min-width: 960px) 400px, 450px";

    /// Of who wrote an article, at its end; a square one fills the height.
    pub const AUTHOR: &str = "135px";
    /// Beside the large name of a city on the home page.
    pub const CALLED: &str = "(min-width: 1125px) 270px, (min-width: 450px) 24vw, 108px";

    /// Of the cards of a list.
    pub fn of(cards: &[Card]) -> &'static str {
        if Card::shape(cards) == "plates" { Room::PLATE } else { Room::THUMB }
    }

    /// In a text: as wide as it is, or as the column; `whole` fills the column.
    pub fn of_text(width: u32, whole: bool) -> String {
        const COLUMN: u32 = 630;
        match if whole { COLUMN } else { width.min(COLUMN) } {
            narrow @ ..=280 => format!("{narrow}px"),
            wide => format!("(min-width: {}px) {wide}px, calc(92vw - 4px)", wide * 12 / 11),
        }
    }
}
