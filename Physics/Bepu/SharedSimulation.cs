using System.Numerics;
using BepuPhysics.Collidables;
using Sim.Physics.Scenes;

namespace Sim.Physics.Bepu;

/// <summary>
/// What the engine's callbacks need to know: who belongs to which environment, what may touch, which bodies are
/// pushed, which environments stand still. Moving bodies and statics are numbered environment by environment, so a
/// handle divided by their number in the scene is the environment. Only read while the engine steps.
/// </summary>
internal sealed class SharedSimulation
{
    private readonly int[] _movingBodies;
    private readonly int[] _staticBodies;
    private readonly int[] _pairMaterials;
    private readonly Material[] _materials;

    public SharedSimulation(Scene scene, int count)
    {
        Scene = scene;
        int bodies = scene.Bodies.Count;
        _movingBodies = [.. Enumerable.Range(0, bodies).Where(i => scene.Bodies[i].Kind != BodyKind.Static)];
        _staticBodies = [.. Enumerable.Range(0, bodies).Where(i => scene.Bodies[i].Kind == BodyKind.Static)];
        Slots = new int[bodies];
        for (int slot = 0; slot < _movingBodies.Length; slot++) Slots[_movingBodies[slot]] = slot;
        for (int slot = 0; slot < _staticBodies.Length; slot++) Slots[_staticBodies[slot]] = slot;
        Forces = new Vector3[count * _movingBodies.Length];
        Torques = new Vector3[count * _movingBodies.Length];
        Frozen = new bool[count];

        var materials = new List<Material>();
        var known = new Dictionary<Material, int>();
        _pairMaterials = new int[bodies * bodies];
        for (int a = 0; a < bodies; a++)
        {
            for (int b = 0; b < bodies; b++)
            {
                if (!scene.MayTouch(new BodyId(a), new BodyId(b)))
                {
                    _pairMaterials[(a * bodies) + b] = -1;
                    continue;
                }
                var material = scene.MaterialOf(new BodyId(a), new BodyId(b));
                if (!known.TryGetValue(material, out int index))
                {
                    known.Add(material, index = materials.Count);
                    materials.Add(material);
                }
                _pairMaterials[(a * bodies) + b] = index;
            }
        }
        _materials = [.. materials];
    }

    public Scene Scene { get; }

    /// <summary>Dynamic and kinematic bodies of one environment: places in the scene.</summary>
    public ReadOnlySpan<int> MovingBodies => _movingBodies;

    /// <summary>Static bodies of one environment: places in the scene.</summary>
    public ReadOnlySpan<int> StaticBodies => _staticBodies;

    /// <summary>Place of a scene's body among the moving ones, or among the static ones.</summary>
    public int[] Slots { get; }

    /// <summary>By body handle: newtons, for the next step.</summary>
    public Vector3[] Forces { get; }

    /// <summary>By body handle: N·m, for the next step.</summary>
    public Vector3[] Torques { get; }

    /// <summary>Whether any force or torque is set.</summary>
    public bool AnyPushed { get; set; }

    /// <summary>By environment.</summary>
    public bool[] Frozen { get; }

    public int FrozenCount { get; set; }

    public bool IsFrozen(int body) => Frozen[body / _movingBodies.Length];

    /// <summary>Whether two collidables of the engine belong to one environment whose scene lets them touch.</summary>
    public bool MayTouch(CollidableReference a, CollidableReference b)
    {
        int first = Locate(a, out int firstEnvironment), second = Locate(b, out int secondEnvironment);
        return firstEnvironment == secondEnvironment && !Frozen[firstEnvironment] && _pairMaterials[(first * Slots.Length) + second] >= 0;
    }

    public ref readonly Material MaterialOf(CollidableReference a, CollidableReference b)
        => ref _materials[_pairMaterials[(Locate(a, out _) * Slots.Length) + Locate(b, out _)]];

    private int Locate(CollidableReference collidable, out int environment)
    {
        int handle = collidable.RawHandleValue;
        var bodies = collidable.Mobility == CollidableMobility.Static ? _staticBodies : _movingBodies;
        environment = handle / bodies.Length;
        return bodies[handle - (environment * bodies.Length)];
    }
}
