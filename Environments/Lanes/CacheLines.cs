using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Sim.Environments.Lanes;

/// <summary>Hints to the cache.</summary>
internal static unsafe class CacheLines
{
    private const int Line = 64;

    /// <summary>Asks for <paramref name="count"/> numbers ahead of their use; does nothing where the processor has no such hint.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(float* start, int count)
    {
        if (!Sse.IsSupported) return;
        byte* end = (byte*)(start + count);
        for (byte* at = (byte*)start; at < end; at += Line) Sse.Prefetch0(at);
    }
}
