using System;
using Checkpoint.Model;

namespace Checkpoint.Imaging;

/// <summary>Sections <c>gaps</c>, <c>events</c> and <c>users</c>: what an image says beside the tasks.</summary>
internal static class NoteSections
{
    /// <summary>Name of the section of gaps.</summary>
    public const string Gaps = "gaps";

    /// <summary>Name of the section of events.</summary>
    public const string Events = "events";

    /// <summary>Name of the section of user names.</summary>
    public const string Users = "users";

    /// <summary>Words of <see cref="CapturePart"/> by number.</summary>
    private static readonly string[] Parts =
    [
        "task", "stat", "status", "cmdline", "environ", "exe", "cwd", "root", "namespaces", "label", "maps", "threads", "children",
    ];

    /// <summary>Words of <see cref="TaskEventKind"/> by number.</summary>
    private static readonly string[] Kinds = ["appeared", "exited", "exec"];

    /// <summary>Writes section <c>gaps</c>.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="columns">Room for the columns.</param>
    /// <param name="gaps">The rows by ascending tgid, tid, part and errno.</param>
    public static void WriteGaps(ByteBuffer output, ByteBuffer columns, Gap[] gaps) =>
        new TableWriter<Gap>(gaps, columns)
            .Signed("tgid", g => g.Tgid)
            .Signed("tid", g => g.Tid)
            .Word("part", g => Word(Parts, (int)g.Part, nameof(CapturePart)))
            .Signed("errno", g => g.Errno)
            .End(Gaps, output);

    /// <summary>Reads section <c>gaps</c>.</summary>
    /// <param name="section">The section.</param>
    /// <returns>The rows.</returns>
    /// <exception cref="ImageFormatException">It is not valid.</exception>
    public static Gap[] ReadGaps(SectionMap section)
    {
        TableReader table = new(section, section.Limits.Gaps);
        ColumnReader tgid = table.Column("tgid");
        ColumnReader tid = table.Column("tid");
        ColumnReader part = table.Column("part");
        ColumnReader errno = table.Column("errno");
        Gap[] rows = new Gap[table.Count];
        for (int i = 0; i < rows.Length; i++)
        {
            rows[i] = new Gap(tgid.Int32(), tid.Int32(), (CapturePart)Number(Parts, part), errno.Int32());
        }

        return rows;
    }

    /// <summary>Writes section <c>events</c>.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="columns">Room for the columns.</param>
    /// <param name="events">The rows in the order noticed.</param>
    public static void WriteEvents(ByteBuffer output, ByteBuffer columns, TaskEvent[] events) =>
        new TableWriter<TaskEvent>(events, columns)
            .Signed("pass", e => e.Pass)
            .Word("kind", e => Word(Kinds, (int)e.Kind, nameof(TaskEventKind)))
            .Signed("tgid", e => e.Tgid)
            .Signed("tid", e => e.Tid)
            .Unsigned("start_time", e => e.StartTimeTicks)
            .End(Events, output);

    /// <summary>Reads section <c>events</c>.</summary>
    /// <param name="section">The section.</param>
    /// <returns>The rows.</returns>
    /// <exception cref="ImageFormatException">It is not valid.</exception>
    public static TaskEvent[] ReadEvents(SectionMap section)
    {
        TableReader table = new(section, section.Limits.Events);
        ColumnReader pass = table.Column("pass");
        ColumnReader kind = table.Column("kind");
        ColumnReader tgid = table.Column("tgid");
        ColumnReader tid = table.Column("tid");
        ColumnReader startTime = table.Column("start_time");
        TaskEvent[] rows = new TaskEvent[table.Count];
        for (int i = 0; i < rows.Length; i++)
        {
            rows[i] = new TaskEvent(pass.Int32(), (TaskEventKind)Number(Kinds, kind), tgid.Int32(), tid.Int32(), startTime.UInt64());
        }

        return rows;
    }

    /// <summary>Writes section <c>users</c>.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="columns">Room for the columns.</param>
    /// <param name="strings">The strings.</param>
    /// <param name="users">The rows by ascending uid.</param>
    /// <param name="limits">The caps.</param>
    public static void WriteUsers(ByteBuffer output, ByteBuffer columns, StringTable strings, UserName[] users, ImageLimits limits) =>
        new TableWriter<UserName>(users, columns)
            .Unsigned("uid", u => u.Uid)
            .Text("name", strings, limits.MaxPathBytes, u => u.Name)
            .End(Users, output);

    /// <summary>Reads section <c>users</c>.</summary>
    /// <param name="section">The section.</param>
    /// <param name="strings">The strings.</param>
    /// <returns>The rows.</returns>
    /// <exception cref="ImageFormatException">It is not valid.</exception>
    public static UserName[] ReadUsers(SectionMap section, ByteString[] strings)
    {
        TableReader table = new(section, section.Limits.Users);
        ColumnReader uid = table.Column("uid");
        ColumnReader name = table.Column("name");
        UserName[] rows = new UserName[table.Count];
        for (int i = 0; i < rows.Length; i++)
        {
            rows[i] = new UserName(uid.UInt32(), name.Text(strings, section.Limits.MaxPathBytes));
        }

        return rows;
    }

    private static string Word(string[] words, int number, string type) =>
        (uint)number < (uint)words.Length ? words[number] : throw new ArgumentException($"{number} is no {type}");

    private static int Number(string[] words, ColumnReader column)
    {
        string word = column.String();
        int number = Array.IndexOf(words, word);
        return number >= 0 ? number : throw column.Error($"'{ByteString.FromUtf8(word)}' is not one of {string.Join(", ", words)}");
    }
}
