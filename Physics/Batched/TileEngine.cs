using Sim.Physics.Numerics;
using Sim.Physics.Threading;

namespace Sim.Physics.Batched;

/// <summary>All tiles of a world, whatever their lanes are.</summary>
internal unsafe interface ITileEngine : IDisposable
{
    /// <summary>One timestep of all tiles.</summary>
    /// <param name="tiles">Tile after tile.</param>
    /// <param name="wrenches">Whether any environment has a wrench in this step.</param>
    /// <param name="pool">Who does the work.</param>
    void Step(float* tiles, bool wrenches, WorkerPool pool);
}

/// <summary>Shares tiles out among threads, in more parts than threads so that none waits long for another.</summary>
internal sealed unsafe class TileEngine<T> : ITileEngine, IPartitionedWork where T : unmanaged, ILane<T>
{
    private const int PartsPerThread = 4;

    private readonly TileSolver<T> _solver;
    private readonly TileWorkspace[] _workspaces;
    private readonly int _count;
    private readonly long _floats;
    private float* _tiles;
    private bool _wrenches;

    public TileEngine(TileLayout layout, int count, int threads)
    {
        _solver = new TileSolver<T>(layout);
        _count = count;
        _floats = (long)layout.Rows * T.TileWidth;
        int parts = threads == 1 ? 1 : Math.Min(count, threads * PartsPerThread);
        _workspaces = new TileWorkspace[parts];
        for (int i = 0; i < parts; i++) _workspaces[i] = _solver.CreateWorkspace();
    }

    public void Step(float* tiles, bool wrenches, WorkerPool pool)
    {
        _tiles = tiles;
        _wrenches = wrenches;
        pool.Run(this, _workspaces.Length);
    }

    public void Execute(int part)
    {
        int first = (int)((long)part * _count / _workspaces.Length), end = (int)((part + 1L) * _count / _workspaces.Length);
        for (int tile = first; tile < end; tile++) _solver.Step(_tiles + (tile * _floats), _workspaces[part], _wrenches);
    }

    public void Dispose()
    {
        foreach (var workspace in _workspaces) workspace.Dispose();
        _solver.Dispose();
    }
}
