using System.Runtime.CompilerServices;
using ILGPU;
using Sim.Physics.Numerics;

namespace Sim.Physics.Batched.Gpu;

/// <summary>Where the numbers of a thread's environment stand: storage <c>[tile, row, environment]</c>, a warp a tile.</summary>
/// <param name="Tiles">Device address of the tiles.</param>
/// <param name="Scratch">Device address of scratch, of the same shape.</param>
/// <param name="Rows">Rows of a tile.</param>
/// <param name="ScratchRows">Rows of scratch a tile.</param>
/// <param name="Count">Environments; threads beyond it do nothing.</param>
internal readonly record struct GpuTile(long Tiles, long Scratch, int Rows, int ScratchRows, int Count)
{
    /// <summary>This thread's environment; at or beyond <see cref="Count"/> there is none.</summary>
    public static int Environment { [MethodImpl(Stage.Inline)] get => (Grid.IdxX * Group.DimX) + Group.IdxX; }

    /// <summary>The environment's rows.</summary>
    [MethodImpl(Stage.Inline)]
    public unsafe Rows<LaneGpu> RowsOf(int environment) => new((float*)Tiles + Offset(environment, Rows));

    /// <summary>The environment's scratch.</summary>
    [MethodImpl(Stage.Inline)]
    public unsafe Rows<LaneGpu> ScratchOf(int environment) => new((float*)Scratch + Offset(environment, ScratchRows));

    [MethodImpl(Stage.Inline)]
    private static long Offset(int environment, int rows)
        => ((long)(environment / LaneGpu.TileWidth) * rows * LaneGpu.TileWidth) + (environment % LaneGpu.TileWidth);
}
