namespace Checkpoint.Linux.Transports;

/// <summary>What tells one mapped file from another at one moment.</summary>
/// <param name="Major">Device major number.</param>
/// <param name="Minor">Device minor number.</param>
/// <param name="Inode">Inode number, not 0.</param>
internal readonly record struct FileKey(uint Major, uint Minor, ulong Inode);
