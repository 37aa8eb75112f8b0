using System;

namespace Checkpoint.Fuzz;

/// <summary>A file for which a law does not hold.</summary>
/// <param name="what">Which.</param>
internal sealed class LawException(string what) : Exception(what);
