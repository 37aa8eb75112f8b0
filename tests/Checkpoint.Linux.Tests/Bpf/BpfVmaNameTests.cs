using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.IO.MemoryMappedFiles;
using System.Linq;
using Checkpoint.Linux.Interop;
using Checkpoint.Linux.Tests.Environment;
using Checkpoint.Linux.Transports;
using Checkpoint.TaskDiag;
using Xunit;

namespace Checkpoint.Linux.Tests.Bpf;

/// <summary>Names that a process gave its VMAs (PR_SET_VMA_ANON_NAME): several VMAs of one file may have one each.</summary>
public sealed class BpfVmaNameTests
{
    /// <summary>Two parts of one shared mapping and two of private memory, named; or the word "unknown".</summary>
    private const string Program = """
        import ctypes, mmap, time
        libc = ctypes.CDLL(None)
        def name(area, at, text):
            address = ctypes.addressof(ctypes.c_char.from_buffer(area)) + at
            return libc.prctl(0x53564d41, 0, ctypes.c_ulong(address), ctypes.c_ulong(4096), text) == 0
        shared, private = mmap.mmap(-1, 8192), mmap.mmap(-1, 8192, mmap.MAP_PRIVATE)
        known = all([name(shared, 0, b"first"), name(shared, 4096, b"second"), name(private, 0, b"third"), name(private, 4096, b"fourth")])
        print("ready", known, flush=True)
        time.sleep(600)
        """;

    [LinuxFact(Oracle.Python, Root = true, Bpf = true)]
    public void Each_part_of_a_mapping_has_the_name_that_it_was_given()
    {
        using ChildProcess program = ChildProcess.Launch([Oracle.Python, "-c", Program]);
        bool known = program.WaitForLine("ready").EndsWith("True", StringComparison.Ordinal);
        using BothPrograms both = new();
        foreach (Model.ProcessTree tree in both.AssertSameImage(program.Pid))
        {
            HashSet<string> names = [.. tree.Files.Select(file => file.Name.ToString())];
            string[] given = ["[anon_shmem:first]", "[anon_shmem:second]", "[anon:third]", "[anon:fourth]"];

            // Kernels without CONFIG_ANON_VMA_NAME know none.
            Assert.Equal(known ? given : [], given.Where(names.Contains));
        }
    }

    [LinuxFact]
    public void A_VMA_with_a_name_of_its_own_is_asked_even_if_its_file_is_known()
    {
        using TempFolder folder = new();
        File.WriteAllBytes(folder["a"], new byte[8192]);
        File.WriteAllBytes(folder["b"], new byte[8192]);
        using MappedPages first = new(folder["a"]);
        using MappedPages second = new(folder["b"]);
        int procfd = Checkpoint.Linux.Procfs.ProcFile.Open(Libc.AT_FDCWD, "/proc\0"u8, Libc.O_DIRECTORY | Libc.O_PATH);
        using VmaWalk walk = ProcmapWalk.TryCreate(procfd) ?? (VmaWalk)new MapsWalk();
        BpfProcess process = new(procfd, walk);
        using MappedFiles mapped = new(ProcfsTaskDiag.Maps(procfd), new BuildIdCache());
        BpfNames names = new(process, walk, mapped);
        names.StartAnswer();

        // Two VMAs whose names lie at the same address of the kernel's memory: the second is another name by now.
        foreach (MappedPages pages in (MappedPages[])[first, second])
        {
            byte[] record = pages.Record(mount: 0x1234, BpfNames.IsNamed);
            names.Resolve(System.Environment.ProcessId, record, withBuildIds: false);
            Assert.Equal(pages.Path, System.Text.Encoding.UTF8.GetString(names.Fresh.Single(file => file.Number == BitConverter.ToUInt32(record, 48)).Name));
        }

        // One that says another file than maps is not named.
        byte[] other = first.Record(mount: 0x1234, BpfNames.IsNamed);
        BitConverter.TryWriteBytes(other.AsSpan(40), first.Inode + 1);
        names.Resolve(System.Environment.ProcessId, other, withBuildIds: false);
        Assert.Equal(0u, BitConverter.ToUInt32(other, 48));
        process.Close();
        _ = Libc.close(procfd);
    }

    /// <summary>A file that this process maps, as its own maps tell of it.</summary>
    private sealed class MappedPages : IDisposable
    {
        private readonly MemoryMappedFile _file;
        private readonly MemoryMappedViewAccessor _view;
        private readonly string[] _line;

        internal MappedPages(string path)
        {
            Path = path;
            _file = MemoryMappedFile.CreateFromFile(path);
            _view = _file.CreateViewAccessor();
            _line = File.ReadLines("/proc/self/maps").Single(line => line.EndsWith(path, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        }

        internal string Path { get; }

        internal ulong Inode => ulong.Parse(_line[4], CultureInfo.InvariantCulture);

        /// <summary>What a program writes of it.</summary>
        internal byte[] Record(ulong mount, ulong dentry)
        {
            byte[] record = new byte[TaskDiagVma.Size + 16];
            uint[] device = [.. _line[3].Split(':').Select(part => Convert.ToUInt32(part, 16))];
            ulong[] range = [.. _line[0].Split('-').Select(part => Convert.ToUInt64(part, 16))];
            new TaskDiagVma(range[0], range[1], default, 0, device[0], device[1], Inode, 0).Write(record);
            BitConverter.TryWriteBytes(record.AsSpan(TaskDiagVma.LengthsOffset), (ushort)record.Length);
            BitConverter.TryWriteBytes(record.AsSpan(TaskDiagVma.Size), mount);
            BitConverter.TryWriteBytes(record.AsSpan(TaskDiagVma.Size + 8), dentry);
            return record;
        }

        public void Dispose()
        {
            _view.Dispose();
            _file.Dispose();
        }
    }
}
