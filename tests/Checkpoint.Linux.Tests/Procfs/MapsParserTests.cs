using System.Text;
using Checkpoint.Linux.Procfs;
using Xunit;

namespace Checkpoint.Linux.Tests.Procfs;

public class MapsParserTests
{
    [Fact]
    public void A_file_mapping_gives_all_fields()
    {
        Assert.True(MapsParser.TryParse("55d0c8a00000-55d0c8a02000 r-xp 0001f000 fe:10 1234567                    /usr/bin/a b (deleted)"u8, out MapsParser vma));
        Assert.Equal((0x55d0c8a00000ul, 0x55d0c8a02000ul, 0x1f000ul), (vma.Start, vma.End, vma.Offset));
        Assert.Equal((5u, 0xfeu, 0x10u, 1234567ul), (vma.Flags, vma.Major, vma.Minor, vma.Inode));
        Assert.Equal("/usr/bin/a b (deleted)", Encoding.UTF8.GetString(vma.EscapedName));
    }

    [Theory]
    [InlineData("7f0000000000-7f0000001000 rw-p 00000000 00:00 0 ")]
    [InlineData("7f0000000000-7f0000001000 rw-p 00000000 00:00 0")]
    public void An_anonymous_mapping_has_no_name(string line)
    {
        Assert.True(MapsParser.TryParse(Encoding.UTF8.GetBytes(line), out MapsParser vma));
        Assert.True(vma.EscapedName.IsEmpty);
        Assert.Equal(0ul, vma.Inode);
    }

    [Fact]
    public void The_highest_addresses_fit()
    {
        Assert.True(MapsParser.TryParse("ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0                  [vsyscall]"u8, out MapsParser vma));
        Assert.Equal((0xffffffffff600000ul, 4u), (vma.Start, vma.Flags));
    }

    [Theory]
    [InlineData("/tmp/a\\012b", "/tmp/a\nb")]
    [InlineData("\\012", "\n")]
    [InlineData("/tmp/a\\134", "/tmp/a\\134")]
    [InlineData("/tmp/a\\01", "/tmp/a\\01")]
    public void Only_the_newline_is_escaped_in_maps(string escaped, string name)
    {
        byte[] room = new byte[64];
        int length = MapsParser.Unescape(Encoding.UTF8.GetBytes(escaped), room);
        Assert.Equal(name, Encoding.UTF8.GetString(room, 0, length));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1000-2000")]
    [InlineData("1000-2000 r--p 0 00:00")]
    [InlineData("2000-1000 r--p 00000000 00:00 0")]
    [InlineData("1000-2000 r--p 00000000 00:00 ")]
    [InlineData("1000-2g00 r--p 00000000 00:00 0")]
    [InlineData("1000-10000000000002000 r--p 00000000 00:00 0")]
    [InlineData("1000-2000 rq-p 00000000 00:00 0")]
    [InlineData("1000-2000 r--p 00000000 100000000:00 0")]
    [InlineData("1000-2000 r--p 00000000 00:00 18446744073709551616")]
    [InlineData("1000-2000 r--p 00000000 00:00 12x  /a")]
    public void What_has_not_the_form_is_refused(string line) =>
        Assert.False(MapsParser.TryParse(Encoding.UTF8.GetBytes(line), out _));
}
