using System.Text;
using Checkpoint.Model;
using Xunit;

namespace Checkpoint.Tests;

public class ByteEscapeTests
{
    [Theory]
    [InlineData(0x115f)] // Hangul choseong filler
    [InlineData(0x1160)] // Hangul jungseong filler
    [InlineData(0x3164)] // Hangul filler
    [InlineData(0xffa0)] // halfwidth Hangul filler
    [InlineData(0x034f)] // combining grapheme joiner
    [InlineData(0x17b4)] // Khmer inherent vowel
    [InlineData(0x180b)] // Mongolian variation selector
    [InlineData(0xfe0f)] // variation selector
    [InlineData(0xe0100)] // variation selector
    [InlineData(0xe0041)] // tag
    [InlineData(0x200b)] // zero width space
    [InlineData(0x200d)] // zero width joiner
    [InlineData(0x202e)] // right-to-left override
    [InlineData(0x2066)] // left-to-right isolate
    [InlineData(0x00ad)] // soft hyphen
    [InlineData(0xfeff)] // byte order mark
    [InlineData(0x2800)] // Braille pattern without dots
    [InlineData(0x00a0)] // no-break space
    [InlineData(0x3000)] // ideographic space
    [InlineData(0x20e3)] // enclosing keycap
    [InlineData(0x1f1e6)] // regional indicator
    [InlineData(0x1f3fb)] // emoji modifier
    [InlineData(0x0378)] // unassigned
    [InlineData(0xe000)] // private use
    [InlineData(0x2028)] // line separator
    [InlineData(0x0085)] // a control character
    public void What_hides_or_changes_what_stands_beside_it_is_escaped_wherever_it_stands(int character)
    {
        string text = char.ConvertFromUtf32(character);
        string escaped = $"\\u{{{character:x4}}}";
        Assert.Equal(escaped, Show(text));
        Assert.Equal($"a{escaped}b", Show($"a{text}b"));
        Assert.Equal($"한{escaped}글", Show($"한{text}글"));
    }

    [Theory]
    [InlineData("\u0301", "\\u{0301}")]
    [InlineData("/\u0301x", "/\\u{0301}x")]
    [InlineData("7\u0338", "7\\u{0338}")]
    [InlineData("\n\u0301", "\\n\\u{0301}")]
    [InlineData("\u202e\u0301", "\\u{202e}\\u{0301}")]
    [InlineData("\u1161", "\\u{1161}")]
    public void A_mark_that_follows_no_letter_is_escaped(string text, string shown) => Assert.Equal(shown, Show(text));

    [Fact]
    public void Marks_that_pile_up_on_one_letter_are_escaped_from_the_fifth_on() =>
        Assert.Equal("e\u0301\u0302\u0303\u0304\\u{0305}\\u{0306}x", Show("e\u0301\u0302\u0303\u0304\u0305\u0306x"));

    [Theory]
    [InlineData("wörker-1")]
    [InlineData("cafe\u0301")]
    [InlineData("हिन्दी")]
    [InlineData("ไฟล์ที่")]
    [InlineData("日本語")]
    [InlineData("한국어")]
    [InlineData("\u1112\u1161\u11ab")]
    [InlineData("עברית")]
    [InlineData("😀")]
    public void What_people_write_is_shown_as_it_is(string text) => Assert.Equal(text, Show(text));

    private static string Show(string text) => ByteEscape.Printable(Encoding.UTF8.GetBytes(text));
}
