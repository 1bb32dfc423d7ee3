Describe 'New-SeedanceAvatarGroup' {
    BeforeAll { . "$PSScriptRoot/ModuleUnderTest.ps1" }

    It 'describes a group by its name, at position 0, without a connection' {
        $group = New-SeedanceAvatarGroup spring-cast -Description 'for the spring film' -ProjectName film
        $group.pstypenames[0] | Should -Be Seedance.AvatarGroup
        $group.Name | Should -Be spring-cast
        $group.Description | Should -Be 'for the spring film'
        $group.ProjectName | Should -Be film
        $group.GroupId | Should -BeNullOrEmpty
        $group.IsRealPerson | Should -BeFalse
    }

    It 'names an existing group by its id, and by -Id' {
        (New-SeedanceAvatarGroup -GroupId group_1).GroupId | Should -Be group_1
        (New-SeedanceAvatarGroup -Id group_1).GroupId | Should -Be group_1
        (New-SeedanceAvatarGroup -GroupId group_1 -RealPerson).IsRealPerson | Should -BeTrue
    }

    It 'takes the columns of a CSV, extra ones ignored, empty cells as no value' {
        $groups = 'Name,Description,ProjectName,Remark', 'a,first,p,x', 'b,,,y' | ConvertFrom-Csv | New-SeedanceAvatarGroup
        $groups.Name | Should -Be 'a', 'b'
        $groups[0].Description | Should -Be first
        $groups[1].Description | Should -BeNullOrEmpty
        $groups[1].ProjectName | Should -BeNullOrEmpty
    }

    It 'takes names from the pipeline' {
        ('a', 'b' | New-SeedanceAvatarGroup).Name | Should -Be 'a', 'b'
    }

    It 'takes a name of 64 characters and a description of 300, and no longer ones' {
        (New-SeedanceAvatarGroup ('n' * 64) -Description ('d' * 300)).Name | Should -HaveCount 1
        { New-SeedanceAvatarGroup ('n' * 65) } | Should -Throw '*Name*'
        { New-SeedanceAvatarGroup n -Description ('d' * 301) } | Should -Throw '*Description*'
    }

    It 'takes no description of an existing group, and no real person without an id' {
        { New-SeedanceAvatarGroup -GroupId g -Description d } | Should -Throw -ErrorId 'AmbiguousParameterSet*'
        { New-SeedanceAvatarGroup n -RealPerson } | Should -Throw
    }
}
