using System;
using System.Collections.Generic;
using Checkpoint.Model;

namespace Checkpoint.Imaging;

/// <summary>Section <c>capture</c>: scalars, not rows.</summary>
internal static class CaptureSection
{
    /// <summary>The section's name.</summary>
    public const string Name = "capture";

    /// <summary>Writes the section.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="capture">The content.</param>
    public static void Write(ByteBuffer output, CaptureInfo capture)
    {
        MessagePackWriter writer = new(output);
        writer.WriteMapHeader(2 + 21 + (capture.Reader is null ? 0 : 5) + (capture.OwnMasks ? 1 : 0) + (capture.Lost.Count > 0 ? 1 : 0));
        writer.WriteSectionName(Name);
        writer.Write("tool_version");
        writer.Write(capture.ToolVersion);
        writer.Write("host");
        writer.WriteText(capture.Host.Span);
        writer.Write("kernel_release");
        writer.WriteText(capture.KernelRelease.Span);
        writer.Write("kernel_version");
        writer.WriteText(capture.KernelVersion.Span);
        writer.Write("machine");
        writer.WriteText(capture.Machine.Span);
        writer.Write("boot_id");
        writer.WriteText(capture.BootId.Span);
        writer.Write("page_size");
        writer.Write((ulong)capture.PageSize);
        writer.Write("clock_ticks");
        writer.Write((ulong)capture.ClockTicks);
        writer.Write("time_unix_ns");
        writer.Write(capture.TimeUnixNs);
        writer.Write("boot_time_ns");
        writer.Write(capture.BootTimeNs);
        writer.Write("duration_ns");
        writer.Write(capture.DurationNs);
        writer.Write("uid");
        writer.Write((ulong)capture.Uid);
        writer.Write("root_tgid");
        writer.Write(capture.RootTgid);
        writer.Write("transport");
        writer.Write(capture.Transport);
        writer.Write("vma_source");
        writer.Write(capture.VmaSource);
        writer.Write("with_children");
        writer.Write(capture.WithChildren);
        writer.Write("with_environ");
        writer.Write(capture.WithEnviron);
        writer.Write("with_vm_flags");
        writer.Write(capture.WithVmFlags);
        writer.Write("with_vm_stats");
        writer.Write(capture.WithVmStats);
        writer.Write("passes");
        writer.Write(capture.Passes);
        writer.Write("stable");
        writer.Write(capture.Stable);
        WriteReader(ref writer, capture.Reader);
        if (capture.OwnMasks)
        {
            writer.Write("own_masks");
            writer.Write(true);
        }

        WriteLost(ref writer, capture.Lost);
        writer.Flush();
    }

    /// <summary>Reads the section.</summary>
    /// <param name="section">The section.</param>
    /// <returns>Its content.</returns>
    /// <exception cref="ImageFormatException">A key is missing or its value impossible.</exception>
    public static CaptureInfo Read(SectionMap section)
    {
        MessagePackReader pageSize = section.Find("page_size");
        return new CaptureInfo
        {
            ToolVersion = Text(section.Find("tool_version"), section.Limits),
            Host = Bytes(section, "host"),
            KernelRelease = Bytes(section, "kernel_release"),
            KernelVersion = Bytes(section, "kernel_version"),
            Machine = Bytes(section, "machine"),
            BootId = Bytes(section, "boot_id"),
            PageSize = pageSize.ReadUInt32() is uint size && IsPageSize(size) ? size : throw pageSize.Error("the page size is no power of two of at least 512"),
            ClockTicks = section.Find("clock_ticks").ReadUInt32(),
            TimeUnixNs = section.Find("time_unix_ns").ReadInt64(),
            BootTimeNs = section.Find("boot_time_ns").ReadInt64(),
            DurationNs = section.Find("duration_ns").ReadInt64(),
            Uid = section.Find("uid").ReadUInt32(),
            RootTgid = section.Find("root_tgid").ReadInt32(),
            Transport = Text(section.Find("transport"), section.Limits),
            VmaSource = ReadVmaSource(section),
            WithChildren = section.Find("with_children").ReadBoolean(),
            WithEnviron = section.Find("with_environ").ReadBoolean(),
            WithVmFlags = ReadFlag(section, "with_vm_flags"),
            WithVmStats = ReadFlag(section, "with_vm_stats"),
            Passes = section.Find("passes").ReadInt32(),
            Stable = section.Find("stable").ReadBoolean(),
            Reader = ReadReader(section),
            OwnMasks = ReadFlag(section, "own_masks"),
            Lost = ReadLost(section),
        };
    }

    /// <summary>Whether a number can be a page size, the unit of addresses in <c>spaces</c>.</summary>
    /// <param name="size">Bytes.</param>
    /// <returns>Whether it can.</returns>
    public static bool IsPageSize(uint size) => size >= 512 && (size & (size - 1)) == 0;

    private static ByteString Bytes(SectionMap section, string key)
    {
        MessagePackReader reader = section.Find(key);
        CheckLength(reader, section.Limits);
        return new ByteString(reader.ReadBytes());
    }

    private static string Text(MessagePackReader reader, ImageLimits limits)
    {
        CheckLength(reader, limits);
        return reader.ReadString();
    }

    private static void CheckLength(MessagePackReader reader, ImageLimits limits)
    {
        int length = reader.ReadBytes().Length;
        if (length > limits.MaxPathBytes)
        {
            throw reader.Error($"a text of {length} bytes is too long, {limits.MaxPathBytes} are allowed");
        }
    }

    /// <summary>A key that images from before it do not have, which means false.</summary>
    private static bool ReadFlag(SectionMap section, string key) => section.Position(key) is int position and >= 0 && section.At(position).ReadBoolean();

    private static string? ReadVmaSource(SectionMap section)
    {
        MessagePackReader reader = section.Find("vma_source");
        return reader.TryReadNil() ? null : Text(reader, section.Limits);
    }

    private static void WriteReader(ref MessagePackWriter writer, ReaderNamespaces? reader)
    {
        if (reader is not null)
        {
            writer.Write("reader_user_ns");
            writer.Write(reader.User);
            writer.Write("reader_pid_ns");
            writer.Write(reader.Pid);
            writer.Write("reader_uid_map");
            writer.WriteText(reader.UidMap.Span);
            writer.Write("reader_gid_map");
            writer.WriteText(reader.GidMap.Span);
            writer.Write("reader_boot_clock_offset_ns");
            writer.Write(reader.BootClockOffsetNs);
        }
    }

    /// <summary>Images from before these keys have none of them.</summary>
    private static ReaderNamespaces? ReadReader(SectionMap section) => section.Position("reader_user_ns") < 0 ? null : new()
    {
        User = section.Find("reader_user_ns").ReadUInt64(),
        Pid = section.Find("reader_pid_ns").ReadUInt64(),
        UidMap = Bytes(section, "reader_uid_map"),
        GidMap = Bytes(section, "reader_gid_map"),
        BootClockOffsetNs = section.Find("reader_boot_clock_offset_ns").ReadInt64(),
    };

    /// <summary>Only a salvaged image has the key.</summary>
    private static void WriteLost(ref MessagePackWriter writer, IReadOnlyList<string> lost)
    {
        if (lost.Count > 0)
        {
            writer.Write("lost");
            writer.WriteArrayHeader(lost.Count);
            foreach (string name in lost)
            {
                writer.Write(name);
            }
        }
    }

    private static string[] ReadLost(SectionMap section)
    {
        int position = section.Position("lost");
        if (position < 0)
        {
            return [];
        }

        MessagePackReader reader = section.At(position);
        int count = reader.ReadArrayHeader();
        if (count > section.Limits.Frames)
        {
            throw reader.Error($"{count} lost sections are too many, {section.Limits.Frames} are allowed");
        }

        string[] lost = count == 0 ? [] : new string[count];
        foreach (ref string name in lost.AsSpan())
        {
            name = SectionMap.ReadShortString(ref reader, section.Limits);
        }

        return lost;
    }
}
