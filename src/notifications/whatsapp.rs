//! Messages people send themselves: a link that opens WhatsApp with the text already written.
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// Opens a chat with this phone (62…) and this text.
pub fn link(phone: &str, text: &str) -> String {
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    format!("https://wa.me/{digits}?text={}", utf8_percent_encode(text, NON_ALPHANUMERIC))
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_text_cannot_break_out_of_the_link() {
        let link = super::link("+62 812-0000-0001", "Halo & \"salam\"\n#1");
        assert_eq!(link, "https://wa.me/6281200000001?text=Halo%20%26%20%22salam%22%0A%231");
    }
}
