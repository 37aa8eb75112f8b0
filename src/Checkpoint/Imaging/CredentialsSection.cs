using System;
using Checkpoint.Model;

namespace Checkpoint.Imaging;

/// <summary>Section <c>credentials</c>: each distinct set of credentials once.</summary>
internal static class CredentialsSection
{
    /// <summary>The section's name.</summary>
    public const string Name = "credentials";

    /// <summary>Writes the section.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="columns">Room for the columns.</param>
    /// <param name="strings">The strings.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="limits">The caps.</param>
    public static void Write(ByteBuffer output, ByteBuffer columns, StringTable strings, Credentials[] rows, ImageLimits limits) =>
        new TableWriter<Credentials>(rows, columns)
            .Unsigned("uid", c => c.Uid.Real)
            .Unsigned("euid", c => c.Uid.Effective)
            .Unsigned("suid", c => c.Uid.Saved)
            .Unsigned("fsuid", c => c.Uid.FileSystem)
            .Unsigned("gid", c => c.Gid.Real)
            .Unsigned("egid", c => c.Gid.Effective)
            .Unsigned("sgid", c => c.Gid.Saved)
            .Unsigned("fsgid", c => c.Gid.FileSystem)
            .Numbers("groups", limits.Groups, c => c.Groups)
            .Unsigned("cap_inh", c => c.CapInheritable)
            .Unsigned("cap_prm", c => c.CapPermitted)
            .Unsigned("cap_eff", c => c.CapEffective)
            .Unsigned("cap_bnd", c => c.CapBounding)
            .Unsigned("cap_amb", c => c.CapAmbient)
            .Boolean("no_new_privs", c => c.NoNewPrivs)
            .Unsigned("seccomp", c => c.Seccomp)
            .Unsigned("seccomp_filters", c => c.SeccompFilters)
            .Text("label", strings, limits.MaxPathBytes, c => c.Label)
            .End(Name, output);

    /// <summary>Reads the section.</summary>
    /// <param name="section">The section.</param>
    /// <param name="strings">The strings.</param>
    /// <returns>The rows.</returns>
    /// <exception cref="ImageFormatException">It is not valid.</exception>
    public static Credentials[] Read(SectionMap section, ByteString[] strings)
    {
        TableReader table = new(section, section.Limits.Credentials);
        ColumnReader[] uid = [table.Column("uid"), table.Column("euid"), table.Column("suid"), table.Column("fsuid")];
        ColumnReader[] gid = [table.Column("gid"), table.Column("egid"), table.Column("sgid"), table.Column("fsgid")];
        ColumnReader groups = table.Column("groups");
        ColumnReader inheritable = table.Column("cap_inh");
        ColumnReader permitted = table.Column("cap_prm");
        ColumnReader effective = table.Column("cap_eff");
        ColumnReader bounding = table.Column("cap_bnd");
        ColumnReader ambient = table.Column("cap_amb");
        ColumnReader noNewPrivs = table.Column("no_new_privs");
        ColumnReader seccomp = table.Column("seccomp");
        ColumnReader filters = table.Column("seccomp_filters");
        ColumnReader label = table.Column("label");
        Credentials[] rows = new Credentials[table.Count];
        int groupsLeft = section.Limits.TotalGroups;
        for (int i = 0; i < rows.Length; i++)
        {
            rows[i] = new Credentials
            {
                Uid = Ids(uid),
                Gid = Ids(gid),
                Groups = groups.TryReadNil() ? null : groups.Array(Math.Min(section.Limits.Groups, groupsLeft), SectionCost.GroupBytes, (ref reader) => reader.ReadUInt32()),
                CapInheritable = inheritable.UInt64(),
                CapPermitted = permitted.UInt64(),
                CapEffective = effective.UInt64(),
                CapBounding = bounding.UInt64(),
                CapAmbient = ambient.TryReadNil() ? null : ambient.UInt64(),
                NoNewPrivs = noNewPrivs.TryReadNil() ? null : noNewPrivs.Boolean(),
                Seccomp = seccomp.UInt32OrNull(),
                SeccompFilters = filters.UInt32OrNull(),
                Label = label.TextOrNull(strings, section.Limits.MaxPathBytes),
            };
            groupsLeft -= rows[i].Groups?.Length ?? 0;
        }

        return rows;
    }

    private static IdSet Ids(ColumnReader[] columns) => new(columns[0].UInt32(), columns[1].UInt32(), columns[2].UInt32(), columns[3].UInt32());
}
