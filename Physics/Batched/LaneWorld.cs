using System.Runtime.InteropServices;
using Sim.Physics.Batched.Joints;
using Sim.Physics.Numerics;
using Sim.Physics.Scenes;

namespace Sim.Physics.Batched;

/// <summary>
/// The batched engine for kernels that work on lanes themselves: tiles of <c>T.Width</c> copies of one scene, each
/// stepped on its own and as often as its owner likes, so that a tile stays in the cache for all steps of one action.
/// It computes what <see cref="BatchedWorld"/> computes, bit for bit.
/// </summary>
public sealed unsafe class LaneWorld<T> : IDisposable where T : unmanaged, ILane<T>
{
    private readonly TileSolver<T> _solver;
    private readonly TileWorkspace[] _workspaces;
    private readonly int[] _pairs;
    private readonly float[] _kept;
    private float* _tiles;

    /// <param name="scene">What each environment holds.</param>
    /// <param name="tiles">Tiles of <c>T.Width</c> environments, 1 or more.</param>
    /// <param name="threads">Threads that may step different tiles at the same time, 1 or more.</param>
    /// <exception cref="SceneException">More pairs of bodies may touch than slots are kept for.</exception>
    public LaneWorld(Scene scene, int tiles, int threads = 1)
    {
        ArgumentNullException.ThrowIfNull(scene);
        ArgumentOutOfRangeException.ThrowIfLessThan(tiles, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        Scene = scene;
        Layout = new TileLayout(scene);
        _solver = new TileSolver<T>(Layout);
        _workspaces = new TileWorkspace[threads];
        for (int i = 0; i < threads; i++) _workspaces[i] = _solver.CreateWorkspace();
        _kept = new float[threads * TileFloats];
        _pairs = new int[scene.Bodies.Count * scene.Bodies.Count];
        Array.Fill(_pairs, -1);
        for (int i = 0; i < Layout.Pairs.Length; i++)
        {
            var (a, b) = (Layout.Pairs[i].A, Layout.Pairs[i].B);
            _pairs[(a * scene.Bodies.Count) + b] = _pairs[(b * scene.Bodies.Count) + a] = i;
        }
        _tiles = (float*)NativeMemory.AlignedAlloc((nuint)tiles * (nuint)TileFloats * sizeof(float), 64);
        for (int tile = 0; tile < tiles; tile++)
        {
            for (int lane = 0; lane < T.Width; lane++) Load(tile, lane, Layout.Initial);
        }
    }

    public Scene Scene { get; }

    /// <summary>float32 numbers of one environment.</summary>
    public int Rows => Layout.Rows;

    /// <summary>float32 numbers of one tile.</summary>
    public int TileFloats => Layout.Rows * T.TileWidth;

    internal TileLayout Layout { get; }

    /// <summary>A tile to work on.</summary>
    /// <param name="tile">Which.</param>
    /// <param name="thread">Who works on it: no two threads at a time with the same number.</param>
    /// <param name="writes">Mask of lanes that may change; the others keep their bits whatever is written. All of them step.</param>
    public SceneTile<T> Tile(int tile, int thread, in T writes)
    {
        ObjectDisposedException.ThrowIf(_tiles == null, this);
        return new SceneTile<T>(this, Floats(tile), _workspaces[thread], in writes);
    }

    /// <summary>Puts a copy of a tile aside, for <see cref="PutBack"/> by the same thread.</summary>
    public void Keep(int tile, int thread) => new ReadOnlySpan<float>(Floats(tile), TileFloats).CopyTo(_kept.AsSpan(thread * TileFloats, TileFloats));

    /// <summary>Gives the masked lanes of a tile back what <see cref="Keep"/> found.</summary>
    public void PutBack(int tile, int thread, in T mask)
    {
        var rows = new Rows<T>(Floats(tile));
        fixed (float* kept = _kept)
        {
            var before = new Rows<T>(kept + ((long)thread * TileFloats));
            for (int row = 0; row < Rows; row++) rows.Put(row, T.Select(mask, before.Scalar(row), rows.Scalar(row)));
        }
    }

    /// <summary>Copies all that decides one environment's future.</summary>
    /// <param name="tile">Its tile.</param>
    /// <param name="lane">Its place there.</param>
    /// <param name="target"><see cref="Rows"/> numbers.</param>
    public void Save(int tile, int lane, Span<float> target)
    {
        float* rows = Floats(tile) + lane;
        for (int row = 0; row < target.Length; row++) target[row] = rows[row * T.TileWidth];
    }

    /// <summary>Puts an environment where <see cref="Save"/> found one.</summary>
    public void Load(int tile, int lane, ReadOnlySpan<float> source)
    {
        float* rows = Floats(tile) + lane;
        for (int row = 0; row < source.Length; row++) rows[row * T.TileWidth] = source[row];
    }

    /// <summary>What no step could have left in an environment's numbers, or null. Any others can be stepped.</summary>
    public string? Fault(ReadOnlySpan<float> rows) => Layout.SnapshotFault(rows);

    public void Dispose()
    {
        if (_tiles == null) return;
        foreach (var workspace in _workspaces) workspace.Dispose();
        _solver.Dispose();
        NativeMemory.AlignedFree(_tiles);
        _tiles = null;
    }

    internal void Step(float* tile, TileWorkspace workspace) => _solver.Step(tile, workspace, wrenches: false);

    /// <summary>The slot of two bodies; null where they cannot touch.</summary>
    internal PairPlace? Pair(BodyId a, BodyId b)
    {
        int index = _pairs[(a.Index * Scene.Bodies.Count) + b.Index];
        return index < 0 ? null : Layout.Pairs[index];
    }

    /// <summary>Where an attachable weld stands among the rows.</summary>
    internal JointPlace Weld(JointId joint) => Layout.Joints[joint.Index];

    private float* Floats(int tile) => _tiles + ((long)tile * TileFloats);
}
