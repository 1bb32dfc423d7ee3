namespace Seedance.Sandbox.State;

/// <summary>Why a task failed, in some of the languages that a task query can ask for.</summary>
internal static class Messages
{
    /// <summary>The languages, as a refusal lists them.</summary>
    public const string Languages = "zh, en, ja, ko, ru, fr, de, id, pt, es";

    /// <summary>True for a language of the API; those that no message is kept in here are answered in English.</summary>
    public static bool Speaks(string language) => Languages.Split(", ").Contains(language);

    public static string TaskFailed(string language) => language switch
    {
        "zh" => "任务失败",
        "ko" => "작업이 실패했습니다",
        "ja" => "タスクが失敗しました",
        _ => "The task failed",
    };

    public static string SomeRejected(string language) => language switch
    {
        "zh" => "部分素材审核失败",
        "ko" => "일부 소재가 심사를 통과하지 못했습니다",
        "ja" => "一部の素材が審査に合格しませんでした",
        _ => "Some assets failed review",
    };

    public static string AnotherFace(string language) => language switch
    {
        "zh" => "人脸与已认证人物不匹配",
        "ko" => "얼굴이 인증된 인물과 일치하지 않습니다",
        "ja" => "顔が認証された人物と一致しません",
        _ => "The face does not match the verified person",
    };

    public static string VideoRejected(string language) => language switch
    {
        "zh" => "内容未通过审核",
        "ko" => "콘텐츠가 심사를 통과하지 못했습니다",
        "ja" => "コンテンツが審査に合格しませんでした",
        _ => "The content did not pass review",
    };
}
