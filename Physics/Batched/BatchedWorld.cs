using System.Numerics;
using System.Runtime.InteropServices;
using Sim.Physics.Numerics;
using Sim.Physics.Scenes;
using Sim.Physics.Threading;
using Sim.Physics.Worlds;

namespace Sim.Physics.Batched;

/// <summary>
/// The batched engine: one lane of a register is one environment, all environments have the same bodies, joints and
/// contact slots, and every environment moves as if it were alone, bit for bit, at any count, thread count and width.
/// </summary>
/// <remarks>
/// Rows of numbers are stored in tiles <c>[tile, row, environment]</c>, as many environments a tile as a register has
/// lanes; see docs/physics.md.
/// </remarks>
public sealed unsafe partial class BatchedWorld : PhysicsWorld
{
    private readonly TileLayout _layout;
    private readonly ITileEngine _engine;
    private readonly WorkerPool _pool;
    private readonly int _width;
    private readonly Dictionary<(int, int), int> _slots;
    private float* _tiles;
    private bool _wrenches;

    /// <param name="scene">What each environment holds.</param>
    /// <param name="count">Environments.</param>
    /// <param name="threads">Threads that step them; 0 for all cores.</param>
    /// <param name="lanes">Environments a register: 1, 8 or 16; 0 for what is fastest here.</param>
    /// <exception cref="SceneException">More pairs of bodies may touch than slots are kept for.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A count below 1, or lanes other than those named.</exception>
    public BatchedWorld(Scene scene, int count, int threads = 1, int lanes = 0) : base(scene, count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        _width = lanes == 0 ? 8 : lanes;
        if (_width is not (1 or 8 or 16)) throw new ArgumentOutOfRangeException(nameof(lanes), lanes, $"lanes {lanes} must be 1, 8 or 16, or 0 for the fastest");
        _layout = new TileLayout(scene);
        _slots = _layout.Pairs.Select((pair, index) => (pair, index)).ToDictionary(item => Scene.Key(new BodyId(item.pair.A), new BodyId(item.pair.B)), item => item.index);
        int tiles = (count + _width - 1) / _width;
        _tiles = (float*)NativeMemory.AlignedAlloc((nuint)tiles * (nuint)_layout.Rows * (nuint)_width * sizeof(float), 64);
        for (int environment = 0; environment < tiles * _width; environment++) Write(environment, _layout.Initial);
        _pool = new WorkerPool(Math.Clamp(threads == 0 ? Environment.ProcessorCount : threads, 1, tiles));
        _engine = _width switch
        {
            1 => new TileEngine<Lane1>(_layout, tiles, _pool.Threads),
            8 => new TileEngine<Lane8>(_layout, tiles, _pool.Threads),
            _ => new TileEngine<Lane16>(_layout, tiles, _pool.Threads),
        };
    }

    public override string Engine => "batched";

    /// <summary>Environments a register.</summary>
    public int Lanes => _width;

    /// <summary>Threads that step.</summary>
    public int Threads => _pool.Threads;

    public override long BytesPerEnvironment => (long)_layout.Rows * sizeof(float);

    public override void Step()
    {
        ObjectDisposedException.ThrowIf(_tiles == null, this);
        _engine.Step(_tiles, _wrenches, _pool);
        _wrenches = false;
    }

    public override void Reset(int environment)
    {
        CheckEnvironment(environment);
        Write(environment, _layout.Initial);
    }

    public override EnvironmentFault Fault(int environment)
    {
        CheckEnvironment(environment);
        return BitConverter.SingleToUInt32Bits(Get(environment, TileLayout.Faulted)) == 0 ? EnvironmentFault.None : EnvironmentFault.NotFinite;
    }

    public override int SnapshotBytes => _layout.Rows * sizeof(float);

    public override void Snapshot(int environment, Span<byte> target)
    {
        CheckEnvironment(environment);
        if (target.Length != SnapshotBytes) throw new ArgumentException($"{target.Length} bytes for a snapshot of {SnapshotBytes}");
        var rows = MemoryMarshal.Cast<byte, float>(target);
        for (int row = 0; row < rows.Length; row++) rows[row] = Get(environment, row);
    }

    public override void Restore(int environment, ReadOnlySpan<byte> source)
    {
        CheckEnvironment(environment);
        if (source.Length != SnapshotBytes) throw new ArgumentException($"{source.Length} bytes are not a snapshot of this scene, which has {SnapshotBytes}");
        var rows = MemoryMarshal.Cast<byte, float>(source);
        if (_layout.SnapshotFault(rows) is { } fault) throw new ArgumentException($"not a snapshot of this scene: {fault}");
        Write(environment, rows);
        // A wrench that was waiting goes on waiting.
        _wrenches = true;
    }

    protected override void Dispose(bool disposing)
    {
        if (_tiles == null) return;
        if (disposing)
        {
            _pool.Dispose();
            _engine.Dispose();
        }
        NativeMemory.AlignedFree(_tiles);
        _tiles = null;
    }

    /// <summary>Row 0 of an environment; row k lies <c>k * lanes</c> further.</summary>
    private float* Lane(int environment)
    {
        ObjectDisposedException.ThrowIf(_tiles == null, this);
        return _tiles + ((long)(environment / _width) * _layout.Rows * _width) + (environment % _width);
    }

    private float Get(int environment, int row) => Lane(environment)[row * _width];

    private void Put(int environment, int row, float value) => Lane(environment)[row * _width] = value;

    private void Put(int environment, int row, Vector3 value)
    {
        float* lane = Lane(environment);
        lane[row * _width] = value.X;
        lane[(row + 1) * _width] = value.Y;
        lane[(row + 2) * _width] = value.Z;
    }

    private Vector3 GetVector(int environment, int row)
    {
        float* lane = Lane(environment);
        return new Vector3(lane[row * _width], lane[(row + 1) * _width], lane[(row + 2) * _width]);
    }

    private void Write(int environment, ReadOnlySpan<float> rows)
    {
        float* lane = Lane(environment);
        for (int row = 0; row < rows.Length; row++) lane[row * _width] = rows[row];
    }
}
