using Checkpoint.Model;

namespace Checkpoint.Imaging;

/// <summary>A row of section <c>threads</c> to be written.</summary>
/// <param name="Tgid">Its process.</param>
/// <param name="Thread">The thread.</param>
/// <param name="Credentials">Number of its credentials, or null.</param>
internal readonly record struct ThreadRow(int Tgid, ThreadEntry Thread, int? Credentials);
