using System.Numerics;
using System.Runtime.CompilerServices;
using Sim.Physics.Batched;
using Sim.Physics.Numerics;
using Sim.Physics.Scenes;

namespace Sim.Environments.Surgical.Manipulation;

/// <summary>
/// The board of the peg-transfer tasks: twelve pegs, of which 0–5 are goals and 6–11 carry blocks. Its top is a plane,
/// and pegs have round ends.
/// </summary>
public static class PegBoard
{
    /// <summary>Pegs that are goals, and pegs that carry blocks.</summary>
    public const int Goals = 6, Stands = 6;

    /// <summary>Centre of the board, nominal metres.</summary>
    private const float X = 0.55f, Z = 0.6861f;

    /// <summary>The board's top, the centre of the pegs and their upper end, nominal metres.</summary>
    public const float Top = Z + 0.011f, PegCentre = Z + 0.022f, PegEnd = PegCentre + 0.014f;

    /// <summary>Height of a block's centre when it stands on the board, nominal metres.</summary>
    public const float BlockCentre = Top + (PegBlock.Height / 2);

    /// <summary>Pegs 0–11 on the board, nominal millimetres.</summary>
    private static readonly Vector2[] s_pegs =
    [
        new(-30, 43), new(-10, 43), new(10, 43), new(-30, 13), new(-10, 13), new(10, 13),
        new(-33, -27), new(13, -27), new(-21.5f, -7.081f), new(1.5f, -7.081f), new(-21.5f, -46.919f), new(1.5f, -46.919f),
    ];

    private static readonly Quaternion s_upright = Quaternion.CreateFromAxisAngle(Vector3.UnitX, MathF.PI / 2);

    /// <summary>Where a peg stands in the world, nominal metres.</summary>
    public static Vector2 Peg(int index) => new(X + (1e-3f * s_pegs[index].X), 1e-3f * s_pegs[index].Y);

    /// <summary>Adds blocks, the one to transfer first; a reset stands them on their pegs.</summary>
    public static void AddBlocks(SceneBuilder builder, int count, float mass, float scale)
    {
        for (int i = 0; i < count; i++)
        {
            var peg = Peg(Goals + i);
            builder.AddDynamic($"block {i}", PegBlock.Of(scale), mass, new Vector3(peg.X, peg.Y, BlockCentre) * scale, ManipulationScene.Surface);
        }
    }

    /// <summary>Adds board and pegs.</summary>
    /// <param name="builder">Whose scene.</param>
    /// <param name="pegRadius">Nominal metres.</param>
    /// <param name="scale">World units per nominal metre.</param>
    public static void Add(SceneBuilder builder, float pegRadius, float scale)
    {
        builder.AddStatic("board", Shape.Plane(), new Vector3(0, 0, Top * scale), ManipulationScene.Surface);
        float length = PegEnd - Top, middle = Top + (length / 2);
        for (int i = 0; i < s_pegs.Length; i++)
        {
            var peg = Peg(i);
            builder.AddStatic($"peg {i}", Shape.Capsule(pegRadius * scale, (length - (2 * pegRadius)) * scale),
                new Pose(new Vector3(peg.X, peg.Y, middle) * scale, s_upright), ManipulationScene.Surface);
        }
    }

    /// <summary>Centre of one of the pegs 0–5, drawn, world units.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void DrawGoal<T>(ref Draws<T> draws, float scale, out Vec3<T> goal) where T : unmanaged, ILane<T>
    {
        T chosen = T.Floor(draws.Unit() * T.Of(Goals));
        T x = T.Of(0), y = x;
        for (int i = 0; i < Goals; i++)
        {
            T mine = T.Equal(chosen, T.Of(i));
            x = T.Select(mine, T.Of(Peg(i).X * scale), x);
            y = T.Select(mine, T.Of(Peg(i).Y * scale), y);
        }
        goal = new Vec3<T>(x, y, T.Of(PegCentre * scale));
    }

    /// <summary>
    /// Stands blocks on different ones of the pegs 6–11, drawn without replacement, each turned by up to 30° either way.
    /// </summary>
    /// <param name="scene">Whose bodies to place.</param>
    /// <param name="first">The first block; the others follow it.</param>
    /// <param name="count">Blocks, at most 6.</param>
    /// <param name="draws">Where from.</param>
    /// <param name="scale">World units per nominal metre.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void StandBlocks<T>(in SceneTile<T> scene, BodyId first, int count, ref Draws<T> draws, float scale) where T : unmanaged, ILane<T>
    {
        var keys = default(StandKeys<T>);
        for (int i = 0; i < Stands; i++) keys[i] = draws.Unit();
        for (int block = 0; block < count; block++)
        {
            T x = T.Of(0), y = x;
            for (int stand = 0; stand < Stands; stand++)
            {
                var peg = Peg(Goals + stand);
                T mine = T.Equal(Rank(in keys, stand), T.Of(block));
                x = T.Select(mine, T.Of(peg.X * scale), x);
                y = T.Select(mine, T.Of(peg.Y * scale), y);
            }
            var position = new Vec3<T>(x, y, T.Of(BlockCentre * scale));
            scene.Place(new BodyId(first.Index + block), in position, BodyFrames.Upright(draws.Uniform(-MathF.PI / 6, MathF.PI / 6)));
        }
    }

    /// <summary>How many keys come before this one.</summary>
    private static T Rank<T>(in StandKeys<T> keys, int stand) where T : unmanaged, ILane<T>
    {
        T rank = T.Of(0), own = keys[stand];
        for (int i = 0; i < Stands; i++)
        {
            T before = i < stand ? keys[i] <= own : keys[i] < own;
            rank += T.Of(1) & before;
        }
        return rank;
    }

    [InlineArray(Stands)]
    private struct StandKeys<T>
    {
        private T _first;
    }
}
