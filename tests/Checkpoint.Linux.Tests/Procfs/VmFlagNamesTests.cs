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
}
