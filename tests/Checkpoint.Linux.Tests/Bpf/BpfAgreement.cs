using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Checkpoint.Imaging;
using Checkpoint.Linux.Tests.Environment;
using Checkpoint.Linux.Transports;
using Checkpoint.Model;
using Checkpoint.TaskDiag;
using Xunit;

namespace Checkpoint.Linux.Tests.Bpf;

/// <summary>Holds what BPF answers against what procfs answers, all of it, but for <see cref="BpfDifferences"/>.</summary>
internal static class BpfAgreement
{
    /// <summary>Fails unless both transports give the same image, VMA flags and build IDs included; tries again while something moves.</summary>
    /// <param name="pid">The root of a quiet tree.</param>
    /// <returns>What BPF gave.</returns>
    internal static ProcessTree AssertSameImage(int pid) =>
        AssertSameImage(pid, "bpf", options => Collector.Collect(options with { Transport = TransportKind.Bpf }));

    /// <summary>The same for other ways to use BPF.</summary>
    /// <param name="pid">The root of a quiet tree.</param>
    /// <param name="vmaSource">Whence BPF has VMA lists.</param>
    /// <param name="collect">Captures by BPF.</param>
    /// <returns>What BPF gave.</returns>
    internal static ProcessTree AssertSameImage(int pid, string vmaSource, Func<CollectOptions, ProcessTree> collect)
    {
        CollectOptions options = new() { Pid = pid, WithEnviron = true, WithVmFlags = true };
        (string[] Procfs, string[] Bpf) told = ([], []);
        for (int attempt = 0; attempt < 6; attempt++)
        {
            Environment.ProcFile.WaitUntilQuiet(pid);
            ProcessTree procfs = Collector.Collect(options with { Transport = TransportKind.Procfs });
            ProcessTree bpf = collect(options);
            Assert.Equal(("procfs", "smaps", "bpf", vmaSource), (procfs.Capture.Transport, procfs.Capture.VmaSource, bpf.Capture.Transport, bpf.Capture.VmaSource));
            ProcessTree expected = BpfDifferences.WithoutUmaskOfDeadLeaders(procfs);
            ProcessTree got = BpfDifferences.WithoutUmaskOfDeadLeaders(bpf) with { Capture = procfs.Capture };
            if (Image(expected).AsSpan().SequenceEqual(Image(got)))
            {
                return bpf;
            }

            told = (Text(expected), Text(got));
            Wait.Pass(50);
        }

        Assert.Fail($"procfs: {string.Join(" / ", told.Procfs.Except(told.Bpf).Take(12))}\nbpf: {string.Join(" / ", told.Bpf.Except(told.Procfs).Take(12))}");
        return null!;
    }

    /// <summary>Asks both transports, and says where their tasks, attributes and bytes differ; asks again while they do.</summary>
    /// <param name="procfs">The one.</param>
    /// <param name="bpf">The other.</param>
    /// <param name="request">What is asked.</param>
    /// <param name="count">How many tasks are to be told of.</param>
    /// <param name="among">The processes that are compared; null for all.</param>
    /// <returns>Null when they do not.</returns>
    internal static string? DifferenceOf(TaskDiagTransport procfs, TaskDiagTransport bpf, TaskDiagRequest request, int count, HashSet<int>? among = null)
    {
        string[] expected = [];
        string[] got = [];
        for (int attempt = 0; attempt < 4; attempt++)
        {
            expected = Lines(procfs, request, among);
            got = Lines(bpf, request, among);
            if (expected.SequenceEqual(got))
            {
                return expected.Length == count ? null : $"{request.Strategy} {request.Show} of {request.Pid}: {expected.Length} tasks instead of {count}";
            }

            Wait.Pass(20);
        }

        return $"{request.Strategy} {request.Show} of {request.Pid}:\n  procfs: {string.Join(" / ", expected.Except(got).Take(3))}\n  bpf:    {string.Join(" / ", got.Except(expected).Take(3))}";
    }

    private static string[] Lines(TaskDiagTransport transport, TaskDiagRequest request, HashSet<int>? among)
    {
        List<string> lines = [];
        List<string> attributes = [];
        byte[] buffer = new byte[2 * TaskDiagTransport.MinimumBuffer];
        transport.Send(request);
        int length;
        while ((length = transport.Read(buffer)) > 0)
        {
            TaskDiagReader reader = new(buffer.AsSpan(0, length));
            while (reader.NextMessage())
            {
                int tgid = (int)reader.Tgid;
                bool dead = Environment.ProcFile.State(tgid) == 'Z' && Environment.ProcFile.Status(tgid, "Threads") != "1";
                while (reader.NextAttribute())
                {
                    if (!BpfDifferences.IsExpected(reader.Type, dead) && !BpfDifferences.SaysNothing(reader.Type, reader.Payload.Length))
                    {
                        attributes.Add($"{reader.Type}={Convert.ToHexString(BpfDifferences.Comparable(reader.Type, reader.Payload))}");
                    }
                }

                if (!reader.Continued)
                {
                    attributes.Sort(StringComparer.Ordinal);
                    if (among is null || among.Contains((int)reader.Tgid))
                    {
                        lines.Add(string.Create(CultureInfo.InvariantCulture, $"{reader.Tgid} {reader.Pid}: {string.Join(' ', attributes)}"));
                    }

                    attributes.Clear();
                }
            }
        }

        // ALL_THREAD has no order between processes.
        return request.Strategy == TaskDiagStrategy.AllThread ? [.. lines.Order(StringComparer.Ordinal)] : [.. lines];
    }

    private static byte[] Image(ProcessTree tree)
    {
        using MemoryStream image = new();
        ImageWriter.Write(image, tree);
        return image.ToArray();
    }

    private static string[] Text(ProcessTree tree)
    {
        using TempFolder folder = new();
        File.WriteAllBytes(folder["a.ckpt"], Image(tree));
        return Ckpt.Run("inspect", folder["a.ckpt"], "--json").Expect(0).Text.Split('\n');
    }
}
