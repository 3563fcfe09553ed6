//! Why an order is packed where it is: the word kept in its row, in a sentence for people.
//!
//! The words are the planner's (`Because::word`), that of orders that are split (`split`) and those of moved ones
//! (`moved:closed:SH`).

/// The Chinese and the English sentence of a word. A word this program does not know is shown as it is.
#[must_use]
pub fn words(word: &str) -> (String, String) {
    let parts: Vec<&str> = word.split(':').collect();
    match parts.as_slice() {
        ["cheapest"] => ("运费最低".to_owned(), "the lowest freight".to_owned()),
        ["split"] => (
            "没有一个仓能整单发货，拆单发出".to_owned(),
            "no warehouse could ship it whole, so it was split".to_owned(),
        ),
        ["displaced", "closed", from] => (format!("{from} 仓停止接单"), format!("{from} is closed")),
        ["displaced", "capacity", from] => {
            (format!("{from} 仓当日产能已满"), format!("{from} was full for the day"))
        }
        ["displaced", "stock", from, sku] => {
            (format!("{from} 仓的 {sku} 已分完"), format!("{from} had given out its {sku}"))
        }
        ["displaced", "kept", from] => (
            format!("{from} 仓的余量留给改仓更贵的订单"),
            format!("{from} kept the rest for orders that cost more elsewhere"),
        ),
        ["moved", "closed", from] => {
            (format!("{from} 仓停止接单后改仓"), format!("moved from {from}, which closed"))
        }
        ["moved", "short", from] => {
            (format!("{from} 仓缺货后改仓"), format!("moved from {from}, which ran short"))
        }
        _ => (word.to_owned(), word.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use liangcang_domain::unit::Fen;
    use liangcang_planner::allocation::{Because, Scarce};

    #[test]
    fn every_word_the_planner_keeps_has_a_sentence() {
        let displaced = |scarce| Because::Displaced { from: "SH".into(), scarce, extra_fen: Fen(1) };
        let scarce = [Scarce::Closed, Scarce::Capacity, Scarce::Stock { sku: "RICE5".into() }, Scarce::Kept];
        for because in scarce.map(displaced).into_iter().chain([Because::Cheapest]) {
            let word = because.word();
            let (zh, en) = words(&word);
            assert!(zh != word && en != word, "{word}");
        }
        assert_eq!(words("split").1, "no warehouse could ship it whole, so it was split");
        assert_eq!(words("moved:short:SH").1, "moved from SH, which ran short");
        assert_eq!(words("a later word").1, "a later word");
    }
}
