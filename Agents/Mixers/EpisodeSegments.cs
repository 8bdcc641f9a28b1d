using static TorchSharp.torch;

namespace Sim.Agents.Mixers;

/// <summary>
/// Which episode each moment of a window belongs to, by how many have begun up to it: two moments know of each other where the
/// counts are equal, and the state before the window counts only where none has begun.
/// </summary>
internal static class EpisodeSegments
{
    /// <summary>Episodes that have begun up to and with each moment <c>[B, T]</c>, int64.</summary>
    public static Tensor Count(Tensor reset) => reset.to(ScalarType.Int64).cumsum(1);
}
