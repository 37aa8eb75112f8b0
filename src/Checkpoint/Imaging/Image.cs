using System.Collections.Generic;
using Checkpoint.Model;

namespace Checkpoint.Imaging;

/// <summary>An image that was read.</summary>
/// <param name="Tree">Its content, as far as it was asked for and is there.</param>
/// <param name="File">The file it was in.</param>
/// <param name="Missing">Names of the sections that a truncated file lost; empty for a whole one.</param>
public sealed record Image(ProcessTree Tree, ImageScan File, IReadOnlyList<string> Missing);
