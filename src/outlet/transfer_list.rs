//! The list of transfers as a file for a spreadsheet or the bank's own pages.
use super::payout_run::Run;
use entity::payout::{State, Way};

/// So that Excel reads the letters as they are.
const BOM: char = '\u{feff}';

/// Transfers of a run that are still to be made, under these headings: name, bank, account, amount in rupiah, note.
pub fn csv(run: &Run, headings: [&str; 5], note: &str) -> String {
    let mut out = String::from(BOM);
    row(&mut out, headings);
    let open = |state| matches!(state, State::Waiting | State::Approved);
    for payout in run.payouts.iter().filter(|payout| payout.way == Way::Transfer && open(payout.state)) {
        let (holder, bank) = (payout.holder.as_deref().unwrap_or(&payout.name), payout.bank.as_deref());
        let number = format!("'{}", payout.number.as_deref().unwrap_or_default());
        let note = format!("{note} {}", payout.id);
        row(&mut out, [holder, bank.unwrap_or_default(), &number, &payout.amount.0.to_string(), &note]);
    }
    out
}

fn row(out: &mut String, cells: [&str; 5]) {
    let cells: Vec<String> = cells.iter().map(|cell| quoted(cell)).collect();
    out.push_str(&cells.join(","));
    out.push_str("\r\n");
}

/// One cell, which no spreadsheet takes for a formula: such a beginning gets an apostrophe before it. An account number
/// comes with one already, so that its zeros stay.
fn quoted(cell: &str) -> String {
    let flat: String = cell.chars().map(|c| if c == '\r' || c == '\n' { ' ' } else { c }).collect();
    let is_formula = flat.trim_start().starts_with(['=', '+', '-', '@', '|', '%']) || flat.starts_with('\t');
    let guard = if is_formula { "'" } else { "" };
    format!("\"{guard}{}\"", flat.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn no_cell_is_a_formula() {
        for bad in ["=1+1", "+62", "-5", "@SUM(A1)", "\tx", "  =HYPERLINK(\"x\")", "\n=1", "|x", "%x"] {
            assert!(quoted(bad).starts_with("\"'"), "{bad:?} {}", quoted(bad));
        }
        assert_eq!(quoted("Bu \"Sati\", Krajan"), "\"Bu \"\"Sati\"\", Krajan\"");
        assert_eq!(quoted("'0021"), "\"'0021\"");
    }
}
