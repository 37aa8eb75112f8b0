using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Checkpoint.Linux.Tests.Environment;
using Checkpoint.Linux.Tests.Transports;
using Checkpoint.Linux.Transports;
using Checkpoint.Model;
using Checkpoint.TaskDiag;
using Xunit;

namespace Checkpoint.Linux.Tests.Bpf;

public sealed class BpfRaceTests
{
    [LinuxFact("gcc", Root = true, Bpf = true)]
    public void Lists_of_an_address_space_whose_lock_is_fought_for_are_whole_and_disjoint()
    {
        using ChildProcess storm = Workload.Start("mapstorm", "4");
        string[] lasting = LastingNames(storm.Pid);
        using TransportChoice choice = TransportChoice.Make(TransportKind.Bpf, static () => false);
        for (int i = 0; i < 150; i++)
        {
            ProcessTree tree = Collector.Collect(new CollectOptions { Pid = storm.Pid }, () => new TaskSource(choice.Open(), choice.OpenProcfs()), default);
            ProcessEntry process = tree.Processes.Single();
            Assert.Empty(tree.Gaps);
            AssertSorted(process);
            HashSet<string> names = [.. process.Space!.Vmas.ToArray().Where(vma => vma.File >= 0).Select(vma => tree.Files[vma.File].Name.ToString())];
            Assert.Empty(lasting.Except(names));
        }
    }

    [LinuxFact("gcc", Root = true, Bpf = true)]
    public void A_list_that_was_told_in_one_run_never_says_that_it_changed_meanwhile()
    {
        using ChildProcess program = Workload.Start("unmap");
        using TransportChoice choice = TransportChoice.Make(TransportKind.Bpf, static () => false);
        using TaskDiagTransport bpf = choice.Open();
        for (int i = 0; i < 500; i++)
        {
            // The size is there to be held against a list that was told in parts.
            Assert.DoesNotContain(TaskDiagAttribute.ExtTotalVm, bpf.Ask(TaskDiagShow.Vma | TaskDiagShow.ExtTotalVm, TaskDiagStrategy.One, program.Pid).Single().Attributes);
        }

        for (int i = 0; i < 60; i++)
        {
            ProcessTree tree = Collector.Collect(new CollectOptions { Pid = program.Pid }, () => new TaskSource(choice.Open(), choice.OpenProcfs()), default);
            Assert.False(tree.Processes.Single().SpaceChanged);
        }
    }

    [LinuxFact("gcc", Root = true, Bpf = true)]
    public void Trees_that_fork_exec_and_exit_hundreds_of_times_a_second_give_valid_images()
    {
        using TempFolder folder = new();
        using ChildProcess storm = Workload.Start("storm", "600");
        List<string> images = [];
        for (int i = 0; i < 5; i++)
        {
            string image = folder[$"{i}.ckpt"];
            images.Add(image);
            Ckpt.Run("dump", "-q", "--transport", "bpf", "-p", storm.PidText, "-o", image).Expect(0);
        }

        Ckpt.Run(["validate", .. images]).Expect(0);
        Dictionary<TaskEventKind, int> events = [];
        using TransportChoice choice = TransportChoice.Make(TransportKind.Bpf, static () => false);
        for (int i = 0; i < 25; i++)
        {
            ProcessTree tree = Collector.Collect(new CollectOptions { Pid = storm.Pid }, () => new TaskSource(choice.Open(), choice.OpenProcfs()), default, choice.MostAtOnce);
            Assert.All(tree.Gaps, gap => Assert.True(gap.IsExit, gap.ToString()));
            Assert.All(tree.Processes, AssertSorted);
            Assert.All(tree.Processes, process => Assert.Equal(process.Threads.Select(thread => thread.Tid).Order().Distinct(), process.Threads.Select(thread => thread.Tid)));
            foreach (TaskEvent happened in tree.Events)
            {
                events[happened.Kind] = events.GetValueOrDefault(happened.Kind) + 1;
            }
        }

        Assert.True(events.Values.Sum() > 0);
    }

    [LinuxFact("gcc", Root = true, Bpf = true)]
    public void A_file_that_is_replaced_or_deleted_while_it_is_mapped_is_never_given_the_other_ones_name()
    {
        const string Source = """
            #define _GNU_SOURCE
            #include <fcntl.h>
            #include <stdio.h>
            #include <sys/mman.h>
            #include <unistd.h>
            int main(int argc, char **argv)
            {
                char *area = mmap(NULL, 1 << 20, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
                char path[64];
                (void)argc; (void)argv;
                for (unsigned i = 0;; i++) {
                    int fd;
                    /* The file's length is its name: 1 to 8 pages at the same address, another inode each time. */
                    snprintf(path, sizeof(path), "pages-%u", 1 + i % 8);
                    unlink(path);
                    fd = open(path, O_RDWR | O_CREAT | O_EXCL, 0600);
                    if (fd < 0 || ftruncate(fd, 4096 * (1 + i % 8)) != 0)
                        return 1;
                    munmap(area, 1 << 20);
                    if (mmap(area, 4096 * (1 + i % 8), PROT_READ, MAP_SHARED | MAP_FIXED, fd, 0) != area)
                        return 1;
                    close(fd);
                    if (i == 0) { puts("ready"); fflush(stdout); }
                    usleep(200);
                }
            }
            """;
        using TempFolder folder = new();
        File.WriteAllText(folder["replace.c"], Source);
        Tool.Output("gcc", "-O2", "-o", folder["replace"], folder["replace.c"]);
        using ChildProcess program = ChildProcess.Start([folder["replace"]], folder: folder.FullName);
        using TransportChoice choice = TransportChoice.Make(TransportKind.Bpf, static () => false);
        int named = 0;
        for (int i = 0; i < 300; i++)
        {
            ProcessTree tree = Collector.Collect(new CollectOptions { Pid = program.Pid }, () => new TaskSource(choice.Open(), choice.OpenProcfs()), default);
            foreach (Vma vma in tree.Processes.Single().Space!.Vmas.ToArray().Where(vma => vma.File >= 0 && vma.Flags.HasFlag(VmaFlags.Shared)))
            {
                string name = tree.Files[vma.File].Name.ToString();
                int at = name.IndexOf("/pages-", StringComparison.Ordinal);
                if (at >= 0)
                {
                    named++;
                    Assert.Equal((ulong)(name[at + "/pages-".Length] - '0') * 4096, vma.End - vma.Start);
                }
            }
        }

        Assert.True(named > 20, $"only {named} were named at all");
    }

    internal static string[] LastingNames(int pid) => [.. File.ReadLines($"/proc/{pid}/maps")
        .Select(line => line.Split(' ', 6, StringSplitOptions.RemoveEmptyEntries)).Where(words => words.Length == 6).Select(words => words[5]).Distinct()];

    internal static void AssertSorted(ProcessEntry process)
    {
        ulong end = 0;
        Assert.True(process.Space is null || process.Space.Vmas.Length > 0);
        foreach (Vma vma in process.Space is null ? [] : process.Space.Vmas)
        {
            Assert.True(vma.Start >= end && vma.End > vma.Start, $"{process.Tgid}: {vma.Start:x}-{vma.End:x} after {end:x}");
            end = vma.End;
        }
    }
}
