using System.Diagnostics;
using System.Text;
using Checkpoint.Cli.Selection;
using Xunit;

namespace Checkpoint.Tests.Cli;

public class GlobTests
{
    [Theory]
    [InlineData("", "", true)]
    [InlineData("", "*", true)]
    [InlineData("", "?", false)]
    [InlineData("/usr/lib/libc.so.6", "/usr/lib/libc.so.6", true)]
    [InlineData("/usr/lib/libc.so.6", "/usr/lib/libc.so", false)]
    [InlineData("/usr/lib/libc.so.6", "/usr/*", true)]
    [InlineData("/usr/lib/libc.so.6", "*libc*", true)]
    [InlineData("/usr/lib/libc.so.6", "*.so.?", true)]
    [InlineData("/usr/lib/libc.so.6", "*.so.??", false)]
    [InlineData("/usr/lib/libc.so.6", "/*/*/*c*6", true)]
    [InlineData("/usr/lib/libc.so.6", "*x*", false)]
    [InlineData("[heap]", "[heap]", true)]
    [InlineData("h", "[heap]", false)]
    [InlineData("a*b", "a*b", true)]
    [InlineData("aab", "*ab", true)]
    [InlineData("abcabd", "*ab?", true)]
    public void Stars_and_question_marks_match_bytes(string name, string pattern, bool expected) =>
        Assert.Equal(expected, Glob.IsMatch(Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(pattern)));

    [Fact]
    public void No_pattern_takes_long()
    {
        Stopwatch watch = Stopwatch.StartNew();
        Assert.False(Glob.IsMatch(Encoding.UTF8.GetBytes(new string('a', 4000)), Encoding.UTF8.GetBytes(new string('*', 9) + string.Join('*', new string('a', 900).ToCharArray()) + "b")));
        Assert.InRange(watch.ElapsedMilliseconds, 0, 5000);
    }
}
