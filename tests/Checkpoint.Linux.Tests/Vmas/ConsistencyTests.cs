using System.Linq;
using Checkpoint.Linux.Tests.Environment;
using Checkpoint.Model;
using Xunit;

namespace Checkpoint.Linux.Tests.Vmas;

public sealed class ConsistencyTests
{
    [LinuxFact("gcc")]
    public void Lists_of_a_process_that_maps_and_unmaps_are_sorted_and_disjoint_and_say_that_they_changed()
    {
        using ChildProcess storm = Workload.Start("mapstorm", "4");
        int changed = 0;
        for (int i = 0; i < 200; i++)
        {
            ProcessEntry process = Collector.Collect(new CollectOptions { Pid = storm.Pid, TextMaps = i % 2 == 1, WithVmStats = i % 4 >= 2 }).Processes.Single();
            Assert.NotNull(process.Space);
            ulong end = 0;
            foreach (Vma vma in process.Space.Vmas)
            {
                Assert.True(vma.Start >= end && vma.End > vma.Start, $"{vma.Start:x}-{vma.End:x} after {end:x}");
                end = vma.End;
            }

            changed += process.SpaceChanged ? 1 : 0;
        }

        Assert.True(changed > 0, "no list changed");
    }

    [LinuxFact("gcc")]
    public void A_still_process_is_never_said_to_have_changed()
    {
        using TempFolder folder = new();
        using ChildProcess still = Workload.Start("vmas", folder.FullName);
        for (int i = 0; i < 20; i++)
        {
            Assert.False(Collector.Collect(new CollectOptions { Pid = still.Pid, TextMaps = i % 2 == 1, WithVmFlags = i % 4 >= 2 }).Processes.Single().SpaceChanged);
        }
    }
}
