using Checkpoint.Model;

namespace Checkpoint.Diffing;

/// <summary>
/// One VMA, or the piece of one, that differs. What an old piece covers is replaced by the new one: to take all old ones
/// away and put all new ones in makes the old address space the new one.
/// </summary>
/// <param name="Old">On the old side, its file an index into that tree's files; null if there is none.</param>
/// <param name="New">On the new side; null if there is none.</param>
/// <param name="Aspects">In which respects they differ.</param>
/// <param name="Kind"><see cref="ChangeKind.Vma"/>; <see cref="ChangeKind.Counter"/> for a size that differs from run to run.</param>
/// <param name="Concerns">Why it matters to security.</param>
public readonly record struct VmaChange(Vma? Old, Vma? New, VmaAspects Aspects, ChangeKind Kind, SecurityConcerns Concerns);
