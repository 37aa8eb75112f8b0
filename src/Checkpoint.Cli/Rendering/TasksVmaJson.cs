using System;
using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;
using Checkpoint.Model;
using Checkpoint.TaskDiag;

namespace Checkpoint.Cli.Rendering;

/// <summary>VMA records as JSON.</summary>
internal static class TasksVmaJson
{
    /// <summary>Writes one as an object; sizes are in bytes.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="vma">The VMA.</param>
    /// <param name="name">Its name, empty for none.</param>
    /// <param name="stat">What of it is in memory, if that is shown.</param>
    internal static void Write(Utf8JsonWriter json, in TaskDiagVma vma, ReadOnlySpan<byte> name, TaskDiagVmaStat? stat)
    {
        json.WriteStartObject();
        json.WriteHex("start", vma.Start);
        json.WriteHex("end", vma.End);
        json.WriteString("perms", TasksVmas.Permissions(vma));
        json.WriteHex("offset", vma.Offset);
        Span<char> device = stackalloc char[(2 * 8) + 1];
        _ = device.TryWrite(CultureInfo.InvariantCulture, $"{vma.Major:x2}:{vma.Minor:x2}", out int length);
        json.WriteString("dev", device[..length]);
        json.WriteNumber("inode", vma.Inode);
        WriteName(json, name);
        if (stat is { } told)
        {
            WriteStat(json, vma, told);
        }

        json.WriteEndObject();
    }

    private static void WriteName(Utf8JsonWriter json, ReadOnlySpan<byte> name)
    {
        if (Utf8.IsValid(name))
        {
            json.WriteString("name", name);
        }
        else
        {
            json.WriteBytes("name", new ByteString(name));
        }
    }

    private static void WriteStat(Utf8JsonWriter json, in TaskDiagVma vma, in TaskDiagVmaStat stat)
    {
        Span<ulong> sizes = stackalloc ulong[TasksVmas.SizeNames.Length];
        TasksVmas.Sizes(stat, sizes);
        for (int i = 0; i < sizes.Length; i++)
        {
            json.WriteNumber(TasksVmas.SizeNames[i], sizes[i]);
        }

        json.WriteStartArray("flags");
        for (int bit = 0; bit < 64; bit++)
        {
            if (TasksVmas.HasFlag(vma, bit))
            {
                json.WriteStringValue(TasksVmas.FlagName(bit));
            }
        }

        json.WriteEndArray();
    }
}
