using System.Linq;
using System.Text;
using Checkpoint.Cli.Rendering;
using Checkpoint.Linux.Transports;
using Checkpoint.Model;
using Xunit;

namespace Checkpoint.Linux.Tests.Procfs;

public class VmFlagNamesTests
{
    /// <summary>The codes of fs/proc/task_mmu.c on x86_64 and on arm64.</summary>
    [Theory]
    [InlineData("rd wr ex sh mr mw me ms gd um pf gu dw uw lo io sr rr dc de lf ac nr ht sf ar wf dd sd mm hg nh mg mp ss ui dp sl")]
    [InlineData("rd wr ex sh mr mw me ms gd um pf gu uw lo io sr rr dc de lf ac nr ht sf bt wf dd sd mm hg nh mg mt ss ui dp sl")]
    public void Every_code_of_smaps_is_shown_as_it_was_read(string codes) =>
        Assert.Equal(codes, string.Join(' ', VmaFlagCodes.Of(VmFlagNames.Parse(Encoding.ASCII.GetBytes(codes + " "), VmaFlags.None))!));

    [Fact]
    public void No_two_codes_are_one_bit()
    {
        string[] codes = [.. Enumerable.Range(0, 64).Select(VmaFlagCodes.OfBit).OfType<string>()];
        Assert.Equal(codes.Length, codes.Distinct().Count());
        Assert.All(codes, code => Assert.Equal([code], VmaFlagCodes.Of(VmFlagNames.Parse(Encoding.ASCII.GetBytes(code + " mw "), VmaFlags.None))!.Except(code == "mw" ? [] : ["mw"])));
    }
}
