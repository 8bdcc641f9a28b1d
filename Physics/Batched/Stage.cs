using System.Runtime.CompilerServices;

namespace Sim.Physics.Batched;

/// <summary>
/// How kernels are cut into methods. The JIT stops inlining in a method of many lane operations and then calls even
/// <c>+</c>, so each stage of about a hundred is a unit of its own. Its vectors come by <c>in</c> and leave by
/// <c>out</c>: passed by value they would be copied in halves, and reading them back would stall (docs/performance.md).
/// </summary>
internal static class Stage
{
    /// <summary>A unit of its own.</summary>
    public const MethodImplOptions Cut = MethodImplOptions.NoInlining;

    /// <summary>A part of the unit that calls it.</summary>
    public const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;
}
