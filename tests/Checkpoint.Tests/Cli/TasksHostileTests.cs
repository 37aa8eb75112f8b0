using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Checkpoint.Cli;
using Checkpoint.Cli.Commands;
using Checkpoint.Cli.Rendering;
using Checkpoint.Model;
using Checkpoint.TaskDiag;
using Checkpoint.Tests.TaskDiag;
using Xunit;

namespace Checkpoint.Tests.Cli;

[Collection(AloneCollection.Name)]
public class TasksHostileTests
{
    private static readonly uint _sequence = TasksShow.ToSequence(TasksSamples.Everything);

    [Fact]
    public void Every_truncation_exits_with_0_or_3_and_only_between_tasks_with_0()
    {
        byte[] whole = TasksSamples.Rich();
        List<int> fine = [];
        for (int length = 0; length <= whole.Length; length++)
        {
            foreach (string[] options in (string[][])[[], ["--json"]])
            {
                if (Run(whole[..length], options).ExitCode == ExitCode.Success && options.Length == 0)
                {
                    fine.Add(length);
                }
            }
        }

        int firstTask = whole.Length - (28 + 4 + 44 + 4 + 8);
        Assert.Equal([0, firstTask, whole.Length], fine);
    }

    [Fact]
    public void Damaged_bytes_exit_with_0_or_3_and_never_reach_the_terminal_raw()
    {
        byte[] rich = TasksSamples.Rich();
        for (int seed = 0; seed < 3000; seed++)
        {
            Random random = new(seed);
            byte[] bytes = (byte[])(seed % 4 == 0 ? WireSamples.Stream(seed) : rich).Clone();
            for (int i = random.Next(1, 4); i > 0; i--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            CliRun run = Run(bytes, seed % 3 == 0 ? ["--json"] : []);
            Assert.DoesNotContain(run.Out, character => character is < ' ' and not '\n' or '\u007f');
        }
    }

    [Fact]
    public void A_claimed_length_costs_no_memory()
    {
        byte[] bytes = TasksSamples.Rich();
        foreach (uint length in (uint[])[0, 27, TasksRecording.MaxMessage, int.MaxValue, uint.MaxValue])
        {
            BitConverter.TryWriteBytes(bytes, length);
            long before = GC.GetAllocatedBytesForCurrentThread();
            CliRun run = Run(bytes);
            Assert.Equal(ExitCode.Input, run.ExitCode);
            Assert.Contains($"message at byte 0: at byte 0: message length {length}", run.Error, StringComparison.Ordinal);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 * 1024 * 1024);
        }
    }

    [Fact]
    public void A_task_that_begins_within_another_is_refused_and_so_is_one_that_does_not_end()
    {
        byte[] open = TasksSamples.Message(5, 5, _sequence, continued: true, (ref TaskDiagWriter writer) => TasksSamples.Base(ref writer, 5, "x"));
        byte[] other = TasksSamples.Message(6, 6, _sequence, continued: false, (ref TaskDiagWriter writer) => TasksSamples.Base(ref writer, 6, "y"));
        Assert.Contains("task 6 begins before task 5 has ended", Refused([.. open, .. other]), StringComparison.Ordinal);
        Assert.Contains("ends before task 5 has ended", Refused(open), StringComparison.Ordinal);
    }

    [Fact]
    public void An_attribute_of_fixed_size_that_comes_twice_is_refused()
    {
        byte[] twice = TasksSamples.Message(5, 5, _sequence, continued: false, (ref TaskDiagWriter writer) =>
        {
            TasksSamples.Base(ref writer, 5, "x");
            TasksSamples.Vmas(ref writer, withStat: false);
            TasksSamples.Base(ref writer, 5, "x");
        });
        Assert.Contains("a second time", Refused(twice), StringComparison.Ordinal);
    }

    [Fact]
    public void Gaps_without_end_are_refused()
    {
        byte[] gaps = TasksSamples.Message(5, 5, _sequence, continued: false, (ref TaskDiagWriter writer) =>
        {
            for (int i = 0; i <= TasksRecord.MaxGaps; i++)
            {
                TasksSamples.Gap(ref writer, CapturePart.Maps, 13);
            }
        });
        Assert.Contains("more than 256 gaps", Refused(gaps), StringComparison.Ordinal);
    }

    [Fact]
    public void A_command_line_of_any_length_is_cut_where_it_exceeds_what_execve_takes()
    {
        byte[] part = TasksSamples.Message(5, 5, _sequence, continued: true, (ref TaskDiagWriter writer) => TasksSamples.Cmdline(ref writer, new string('x', 60_000)));
        byte[] last = TasksSamples.Message(5, 5, _sequence, continued: false, (ref TaskDiagWriter writer) => TasksSamples.Base(ref writer, 5, "x"));
        byte[] bytes = [.. Enumerable.Repeat(part, 150).SelectMany(message => message), .. last];
        CliRun text = Run(bytes, "--cmdline");
        Assert.EndsWith($"xxx\u2026 ({TasksRecord.MaxCmdline} bytes) ...\n", text.Out, StringComparison.Ordinal);
        Assert.InRange(text.Out.Length, 4096, 4096 + 1000);
        Assert.EndsWith("x\"],\"cmdline_cut\":true}\n", Run(bytes, "--cmdline", "--json").Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_VMA_list_of_any_length_is_shown_while_it_is_read(bool json)
    {
        byte[] part = TasksSamples.Message(5, 5, _sequence, continued: true, (ref TaskDiagWriter writer) =>
        {
            Assert.True(writer.TryBeginAttribute(TaskDiagAttribute.Vma, out Span<byte> room));
            TaskDiagVmaWriter vmas = new(room);
            while (vmas.TryAppend(TasksSamples.Heap, "[heap]"u8, TasksSamples.Stat))
            {
            }

            writer.EndAttribute(vmas.Length);
        });
        using RepeatedStream input = new(part, 1000);
        using MeasuringStream output = new(input);
        using StringWriter error = new(CultureInfo.InvariantCulture);
        CommandContext context = new()
        {
            Output = output,
            Error = error,
            OpenInput = () => input,
            InputIsTerminal = static () => false,
            OutputIsTerminal = static () => false,
        };
        int code = Program.Run(json ? ["tasks", "--from", "-", "--json"] : ["tasks", "--from", "-"], context);
        Assert.Equal(ExitCode.Input, code);
        Assert.Contains("ends before task 5 has ended", error.ToString(), StringComparison.Ordinal);
        Assert.True(output.Written > 1000L * part.Length / 5);
        Assert.True(output.FirstAt < 2 * TasksRecording.MaxMessage, $"first output after {output.FirstAt} bytes");
        Assert.InRange(output.Peak, 0, 64L * 1024 * 1024);
    }

    private static CliRun Run(byte[] recording, params string[] options)
    {
        CliRun run = CliRun.On(new CliWorld { Input = recording }, ["tasks", "--from", "-", .. options]);
        Assert.True(run.ExitCode is ExitCode.Success or ExitCode.Input, $"exit code {run.ExitCode}: {run.Error}");
        Assert.Equal(run.ExitCode == ExitCode.Success ? 0 : 1, run.Error.Count(character => character == '\n'));
        return run;
    }

    private static string Refused(byte[] recording)
    {
        CliRun run = Run(recording);
        Assert.Equal(ExitCode.Input, run.ExitCode);
        Assert.StartsWith("ckpt: standard input is not a valid recording: message at byte ", run.Error, StringComparison.Ordinal);
        return run.Error;
    }

    /// <summary>The same bytes again and again.</summary>
    private sealed class RepeatedStream(byte[] part, int times) : MemoryStream
    {
        private long _at;

        internal long At => _at;

        public override int Read(byte[] buffer, int offset, int count)
        {
            long left = ((long)part.Length * times) - _at;
            int got = (int)Math.Min(Math.Min(count, left), part.Length - (_at % part.Length));
            part.AsSpan((int)(_at % part.Length), got).CopyTo(buffer.AsSpan(offset));
            _at += got;
            return got;
        }
    }

    /// <summary>Counts what is written and looks at the memory in use meanwhile.</summary>
    private sealed class MeasuringStream(RepeatedStream input) : MemoryStream
    {
        private readonly long _before = GC.GetTotalMemory(forceFullCollection: true);
        private long _lookAt = 16 * 1024 * 1024;

        internal long Written { get; private set; }

        internal long Peak { get; private set; }

        internal long FirstAt { get; private set; }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            FirstAt = FirstAt == 0 ? input.At : FirstAt;
            Written += buffer.Length;
            if (Written > _lookAt)
            {
                _lookAt *= 2;
                Peak = Math.Max(Peak, GC.GetTotalMemory(forceFullCollection: true) - _before);
            }
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));
    }
}
