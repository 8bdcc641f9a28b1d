using System.ComponentModel.DataAnnotations;
using System.Numerics;
using Sim.Environments.Lanes;
using Sim.Environments.Spaces;
using Sim.Physics.Batched;
using Sim.Physics.Numerics;
using Sim.Physics.Scenes;
using static Sim.Physics.Numerics.LaneMath;

namespace Sim.Tests.Environments.Scenes;

public record struct PaddleSettings()
{
    /// <summary>Control steps of an episode.</summary>
    [Range(1, 1_000_000)] public int EpisodeSteps { get; init; } = 60;

    /// <summary>Radius of the ball, m.</summary>
    [Range(0.01f, 0.1f)] public float Radius { get; init; } = 0.05f;
}

public struct PaddleState<T> where T : unmanaged, ILane<T> { public T Target; }

public struct PaddleAction<T> where T : unmanaged, ILane<T> { public T Speed, Hold; }

public struct PaddleReward<T> where T : unmanaged, ILane<T> { public T Height; }

public struct PaddleObservation<T> where T : unmanaged, ILane<T> { public T Ball, BallSpeed, Paddle, Held, Pressure; }

/// <summary>A ball on a paddle that moves up and down and can take hold of it.</summary>
public readonly struct PaddleTask<T>
    : ISceneTask<T, PaddleTask<T>, PaddleState<T>, PaddleAction<T>, PaddleObservation<T>, PaddleReward<T>, PaddleSettings>
    where T : unmanaged, ILane<T>
{
    private static BodyId Plate => new(0);
    private static BodyId Ball => new(1);
    private static JointId Grip => new(0);

    public static Scene Build(in PaddleSettings settings)
    {
        var builder = new SceneBuilder(new SceneSettings { Timestep = 1f / 120, Substeps = 4 });
        var plate = builder.AddKinematic("plate", Shape.Box(0.3f, 0.3f, 0.02f), Vector3.Zero);
        var ball = builder.AddDynamic("ball", Shape.Sphere(settings.Radius), 0.1f, new Vector3(0, 0, 0.2f));
        builder.Join("grip", plate, ball, new Weld { Spring = new SpringSettings(30, 1) }, attachable: true);
        return builder.Build();
    }

    public static void Reset(out PaddleState<T> state, in SceneTile<T> scene, in LaneRandom<T> random, in PaddleSettings settings)
    {
        var draws = random.Stream(RandomStream.StartState);
        T zero = T.Of(0);
        scene.Place(Ball, new Vec3<T>(draws.Uniform(-0.1f, 0.1f), draws.Uniform(-0.1f, 0.1f), draws.Uniform(0.1f, 0.3f)), new Quat<T>(zero, zero, zero, T.Of(1)));
        state.Target = zero;
    }

    public static void Step(ref PaddleState<T> state, in SceneTile<T> scene, in PaddleAction<T> action, in LaneRandom<T> random, in PaddleSettings settings,
        out PaddleReward<T> reward, out StepEnd<T> end)
    {
        T zero = T.Of(0);
        scene.Touching(Plate, Ball, out T touching);
        scene.Attach(Grip, touching & (action.Hold > zero));
        scene.Detach(Grip, action.Hold < T.Of(-0.5f));
        for (int i = 0; i < 3; i++)
        {
            state.Target = Clamp(state.Target + (0.005f * Clamp(action.Speed, 1)), T.Of(-1), T.Of(1));
            scene.Drive(Plate, new Vec3<T>(zero, zero, state.Target), new Quat<T>(zero, zero, zero, T.Of(1)));
            scene.Step();
        }
        scene.Position(Ball, out var ball);
        reward.Height = ball.Z;
        end.Terminated = ball.Z < T.Of(-1);
        end.Success = touching;
    }

    public static void Observe(in PaddleState<T> state, in SceneTile<T> scene, in LaneRandom<T> random, in PaddleSettings settings,
        out PaddleObservation<T> observation)
    {
        scene.Position(Ball, out var ball);
        scene.Velocity(Ball, out var velocity);
        scene.Position(Plate, out var plate);
        scene.Pressure(Plate, Ball, out observation.Pressure);
        observation.Ball = ball.Z;
        observation.BallSpeed = velocity.Z;
        observation.Paddle = plate.Z;
        observation.Held = scene.Attached(Grip) & T.Of(1);
    }
}

public static class Paddle
{
    public static LaneDefinition<PaddleSettings> Definition { get; } = new("paddle", typeof(PaddleTask<>))
    {
        Summary = "Keep a ball up with a paddle.",
        Action = Box.Symmetric(2),
        TimeLimit = settings => settings.EpisodeSteps,
        ControlPeriod = _ => 0.025f,
        HasSuccess = true,
    };
}
