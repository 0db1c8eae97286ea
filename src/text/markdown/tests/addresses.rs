//! Where the addresses of a text stand, and that nothing else moves when they change.

use super::super::{AddressKind, addresses, replace_addresses};

/// Kind, source bytes and meaning of each address.
fn found(markdown: &str) -> String {
    let line = |address: super::super::Address| {
        let kind = if address.kind == AddressKind::Image { "image" } else { "link" };
        format!("{kind} {:?} = {}", &markdown[address.range.clone()], address.url)
    };
    addresses(markdown).into_iter().map(line).collect::<Vec<_>>().join("\n")
}

const EVERYTHING: &str = r#"[a](one.md) [b](<two words.md> "T") ![c](three.png 'T') [d]( four(5).md )
[e](a\(b\)&amp;c) [![inner](in.png)](out.md) [`](not`](six.md) [](seven) [f]()
<https://auto.example> [g][ref] ![h][Pic  Ture] [i]: not a definition

> [quoted](
> eight.md)

| a |
|---|
| [t](nine\|x.md) `[no](code)` |

<a href="ten.md">x</a> <img alt='>' src='eleven.png'> <a class=x href=twelve.md>y</a>

<div>
<IMG SRC = "a&amp;b.png">
<!-- <a href="no"> --> <script>let a = '<a href="no">';</script>
</div>

> <p>
> <a href="thirteen.md">z</a>

    [no](code.md)

```
[no](fence.md)
```

[ref]: fourteen.md "T"
[pic ture]: <fifteen .png>
[unused\]]:
  sixteen.md
[^n]: A note with [a link](seventeen.md).

[no](un finished
"#;

#[test]
fn every_address_is_found_where_it_stands() {
    insta::assert_snapshot!(found(EVERYTHING), @r#"
    link "one.md" = one.md
    link "two words.md" = two words.md
    image "three.png" = three.png
    link "four(5).md" = four(5).md
    link "a\\(b\\)&amp;c" = a(b)&c
    image "in.png" = in.png
    link "out.md" = out.md
    link "six.md" = six.md
    link "seven" = seven
    link "" = 
    link "eight.md" = eight.md
    link "nine\\|x.md" = nine|x.md
    link "ten.md" = ten.md
    image "eleven.png" = eleven.png
    link "twelve.md" = twelve.md
    image "a&amp;b.png" = a&b.png
    link "thirteen.md" = thirteen.md
    link "fourteen.md" = fourteen.md
    image "fifteen .png" = fifteen .png
    link "sixteen.md" = sixteen.md
    link "seventeen.md" = seventeen.md
    "#);
}

#[test]
fn replacing_changes_those_bytes_alone() {
    let new = |address: &super::super::Address| {
        (address.url != "six.md").then(|| format!("/new ({})|\"'&amp;\\", address.url.len()))
    };
    insta::assert_snapshot!(replace_addresses(EVERYTHING, new), @r#"
    [a](</new \(6\)\|"'\&amp;\\>) [b](</new \(12\)\|"'\&amp;\\> "T") ![c](</new \(9\)\|"'\&amp;\\> 'T') [d]( </new \(10\)\|"'\&amp;\\> )
    [e](</new \(6\)\|"'\&amp;\\>) [![inner](</new \(6\)\|"'\&amp;\\>)](</new \(6\)\|"'\&amp;\\>) [`](not`](six.md) [](</new \(5\)\|"'\&amp;\\>) [f](</new \(0\)\|"'\&amp;\\>)
    <https://auto.example> [g][ref] ![h][Pic  Ture] [i]: not a definition

    > [quoted](
    > <\/new \(8\)\|"'\&amp;\\>)

    | a |
    |---|
    | [t](</new \(9\)\|"'\&amp;\\>) `[no](code)` |

    <a href="/new (6)&#124;&quot;'&amp;amp;\">x</a> <img alt='>' src='/new (10)&#124;"&#39;&amp;amp;\'> <a class=x href="/new (9)&#124;&quot;'&amp;amp;\">y</a>

    <div>
    <IMG SRC = "/new (7)&#124;&quot;'&amp;amp;\">
    <!-- <a href="no"> --> <script>let a = '<a href="no">';</script>
    </div>

    > <p>
    > <a href="/new (11)&#124;&quot;'&amp;amp;\">z</a>

        [no](code.md)

    ```
    [no](fence.md)
    ```

    [ref]: </new \(11\)\|"'\&amp;\\> "T"
    [pic ture]: </new \(12\)\|"'\&amp;\\>
    [unused\]]:
      <\/new \(10\)\|"'\&amp;\\>
    [^n]: A note with [a link](</new \(12\)\|"'\&amp;\\>).

    [no](un finished
    "#);
}

#[test]
fn no_change_is_no_change() {
    assert_eq!(replace_addresses(EVERYTHING, |_| None), EVERYTHING);
}
