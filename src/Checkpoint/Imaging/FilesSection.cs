using Checkpoint.Model;

namespace Checkpoint.Imaging;

/// <summary>Section <c>files</c>: what VMAs map or are named after.</summary>
internal static class FilesSection
{
    /// <summary>The section's name.</summary>
    public const string Name = "files";

    /// <summary>Writes the section.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="columns">Room for the columns.</param>
    /// <param name="strings">The strings.</param>
    /// <param name="files">The rows.</param>
    /// <param name="limits">The caps.</param>
    public static void Write(ByteBuffer output, ByteBuffer columns, StringTable strings, MappedFile[] files, ImageLimits limits) =>
        new TableWriter<MappedFile>(files, columns)
            .Unsigned("major", f => f.Major)
            .Unsigned("minor", f => f.Minor)
            .Unsigned("inode", f => f.Inode)
            .Text("name", strings, limits.MaxFileNameBytes, f => f.Name)
            .Binary("build_id", limits.BuildIdBytes, f => f.BuildId)
            .Unsigned("build_id_errno", f => f.BuildIdErrno == 0 ? null : (ulong)f.BuildIdErrno)
            .Boolean("deleted", f => f.NotDeleted ? false : null)
            .End(Name, output);

    /// <summary>Reads the section.</summary>
    /// <param name="section">The section.</param>
    /// <param name="strings">The strings.</param>
    /// <returns>The rows.</returns>
    /// <exception cref="ImageFormatException">It is not valid.</exception>
    public static MappedFile[] Read(SectionMap section, ByteString[] strings)
    {
        TableReader table = new(section, section.Limits.Files);
        ColumnReader major = table.Column("major");
        ColumnReader minor = table.Column("minor");
        ColumnReader inode = table.Column("inode");
        ColumnReader name = table.Column("name");
        ColumnReader buildId = table.Column("build_id");
        ColumnReader errno = table.Column("build_id_errno");
        ColumnReader deleted = table.Column("deleted");
        MappedFile[] files = new MappedFile[table.Count];
        for (int i = 0; i < files.Length; i++)
        {
            files[i] = new MappedFile(
                major.UInt32(), minor.UInt32(), inode.UInt64(), name.Text(strings, section.Limits.MaxFileNameBytes), buildId.BinaryOrNull(section.Limits.BuildIdBytes),
                errno.TryReadNil() ? 0 : errno.Int32(1, ushort.MaxValue), !deleted.TryReadNil() && !deleted.Boolean());
        }

        return files;
    }
}
