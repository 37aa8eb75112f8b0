using System;
using System.Collections.Generic;
using System.Globalization;
using Checkpoint.Model;

namespace Checkpoint.Cli.Rendering;

/// <summary>How processes, users and files read in tables.</summary>
internal static class ProcessText
{
    /// <summary>Stands for what was not captured.</summary>
    internal const string Unknown = "?";

    /// <summary>Bytes of a command line that a line of text shows; the JSON has all.</summary>
    private const int ShownBytes = 4096;

    /// <summary>
    /// The command line with spaces between the arguments, or the comm in brackets when there is none; marked when the
    /// program was deleted or the process is a zombie.
    /// </summary>
    /// <param name="process">The process.</param>
    /// <returns>Printable text.</returns>
    internal static string Command(ProcessEntry process)
    {
        ThreadEntry leader = process.Leader;
        string text = process.Cmdline is { } cmdline ? Arguments(cmdline.Span) : "";
        if (text.Length == 0)
        {
            text = $"[{leader.Comm}]";
        }

        if (leader.State == TaskState.Zombie)
        {
            text += " <defunct>";
        }

        return process.ExeDeleted ? text + " (deleted)" : text;
    }

    /// <summary>The arguments of a command line, split at the NULs that end them.</summary>
    /// <param name="strings">NUL-terminated strings; the last NUL may be missing.</param>
    /// <returns>The strings, empty ones included.</returns>
    internal static List<ByteString> Split(ByteString strings)
    {
        List<ByteString> parts = [];
        ReadOnlySpan<byte> rest = strings.Span;
        while (!rest.IsEmpty)
        {
            int end = rest.IndexOf((byte)0);
            parts.Add(new ByteString(end < 0 ? rest : rest[..end]));
            rest = end < 0 ? default : rest[(end + 1)..];
        }

        return parts;
    }

    /// <summary>How many strings there are; the NUL of the last may be missing.</summary>
    internal static int Count(ByteString strings) => strings.Span.Count((byte)0) + (strings.IsEmpty || strings.Span[^1] == 0 ? 0 : 1);

    /// <summary>The names of users, by uid.</summary>
    /// <param name="tree">The image.</param>
    /// <returns>Printable names.</returns>
    internal static Dictionary<uint, string> UserNames(ProcessTree tree)
    {
        Dictionary<uint, string> names = new(tree.Users.Count, IdHash.Comparer);
        foreach (UserName user in tree.Users)
        {
            names.TryAdd(user.Uid, user.Name.ToString());
        }

        return names;
    }

    /// <summary>The effective user of a thread: the name, else the uid.</summary>
    internal static string User(ThreadEntry thread, Dictionary<uint, string> names) => thread.Credentials is { } credentials
        ? names.TryGetValue(credentials.Uid.Effective, out string? name) ? name : Number(credentials.Uid.Effective)
        : Unknown;

    /// <summary>A number in decimal.</summary>
    internal static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>A number in decimal.</summary>
    internal static string Number(ulong number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>The arguments of a command line with blanks between them; of a long one the beginning, and how long it is.</summary>
    /// <param name="cmdline">NUL-terminated strings.</param>
    /// <returns>Printable text.</returns>
    internal static string Arguments(ReadOnlySpan<byte> cmdline)
    {
        ReadOnlySpan<byte> bytes = cmdline.TrimEnd((byte)0);
        if (bytes.Length > ShownBytes)
        {
            return Arguments(bytes[..ShownBytes]) + string.Create(CultureInfo.InvariantCulture, $"… ({bytes.Length} bytes)");
        }

        if (!bytes.Contains((byte)0))
        {
            return ByteEscape.Printable(bytes);
        }

        byte[] joined = bytes.ToArray();
        joined.AsSpan().Replace((byte)0, (byte)' ');
        return ByteEscape.Printable(joined);
    }
}
